/// The port to the local systemd, and its double.
@org.jspecify.annotations.NullMarked
package fleet.agent.systemd;
