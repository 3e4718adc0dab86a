/// Tests of certificates and keys, and makers of them.
@org.jspecify.annotations.NullMarked
package fleet.pem;
