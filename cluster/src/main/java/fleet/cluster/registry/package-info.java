/// The cluster as it lies in the store: keys, values, leadership, snapshots.
@org.jspecify.annotations.NullMarked
package fleet.cluster.registry;
