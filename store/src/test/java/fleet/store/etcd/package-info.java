/// The client against a real etcd.
@org.jspecify.annotations.NullMarked
package fleet.store.etcd;
