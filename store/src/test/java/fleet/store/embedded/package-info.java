/// Tests of the store on disk.
@org.jspecify.annotations.NullMarked
package fleet.store.embedded;
