/// The real systemd, over D-Bus. All that is dbus-java's stays in here.
@org.jspecify.annotations.NullMarked
package fleet.agent.dbus;
