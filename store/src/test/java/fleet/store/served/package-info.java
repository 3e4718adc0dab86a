/// Tests of the embedded store as others reach it.
@org.jspecify.annotations.NullMarked
package fleet.store.served;
