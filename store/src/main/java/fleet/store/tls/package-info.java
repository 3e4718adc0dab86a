/// Certificates and keys from files, for both ends of a connection.
@org.jspecify.annotations.NullMarked
package fleet.store.tls;
