/// The cluster as `fleetctl` reaches it: the connection, and what to say when there is none.
@org.jspecify.annotations.NullMarked
package fleet.ctl.remote;
