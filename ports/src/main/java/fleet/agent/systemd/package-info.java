/// The port to the local systemd.
@org.jspecify.annotations.NullMarked
package fleet.agent.systemd;
