/// Certificates, for tests of those who read or show them.
@org.jspecify.annotations.NullMarked
package fleet.testing.pem;
