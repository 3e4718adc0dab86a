/// The doubles of the store, and its contract, as tests that every implementation passes.
@org.jspecify.annotations.NullMarked
package fleet.testing.store;
