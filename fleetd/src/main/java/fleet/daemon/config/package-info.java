/// What the daemon is told at its start: file, environment, defaults.
@org.jspecify.annotations.NullMarked
package fleet.daemon.config;
