/// TLS for gRPC, at both ends of a connection.
@org.jspecify.annotations.NullMarked
package fleet.store.tls;
