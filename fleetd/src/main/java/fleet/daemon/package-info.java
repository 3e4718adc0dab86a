/// The daemon: `main`, and what stands behind each port.
@org.jspecify.annotations.NullMarked
package fleet.daemon;
