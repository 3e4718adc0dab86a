/// The vocabulary of the cluster, as values.
@org.jspecify.annotations.NullMarked
package fleet.cluster;
