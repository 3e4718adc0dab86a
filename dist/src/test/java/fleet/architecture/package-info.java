/// The house rules: what each room may use, for all modules.
@org.jspecify.annotations.NullMarked
package fleet.architecture;
