/// The port to the key-value store.
@org.jspecify.annotations.NullMarked
package fleet.cluster.store;
