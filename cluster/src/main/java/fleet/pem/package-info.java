/// Keys and certificates from PEM files, for all who speak over TLS: the store, the API, and its
/// clients.
@org.jspecify.annotations.NullMarked
package fleet.pem;
