/// The port to the key-value store, and its reference implementation.
@org.jspecify.annotations.NullMarked
package fleet.cluster.store;
