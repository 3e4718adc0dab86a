/// The contract of the store, as tests that every implementation passes.
@org.jspecify.annotations.NullMarked
package fleet.cluster.store;
