/// The store on this machine's disk: no other process is needed.
@org.jspecify.annotations.NullMarked
package fleet.store.embedded;
