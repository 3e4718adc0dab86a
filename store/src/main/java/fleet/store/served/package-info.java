/// The embedded store, offered to other machines over the part of etcd's protocol that fleet uses.
@org.jspecify.annotations.NullMarked
package fleet.store.served;
