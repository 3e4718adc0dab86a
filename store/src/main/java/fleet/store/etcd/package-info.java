/// The client of etcd v3, and of whatever else speaks its protocol.
@org.jspecify.annotations.NullMarked
package fleet.store.etcd;
