/// Real machines on this one, as tests and programs for developers use them.
@org.jspecify.annotations.NullMarked
package fleet.testing.machines;
