/// The double of the local systemd, and the contract that it keeps as well as the real one.
@org.jspecify.annotations.NullMarked
package fleet.testing.systemd;
