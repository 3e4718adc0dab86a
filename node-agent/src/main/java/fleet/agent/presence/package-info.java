/// Keeps a machine present in the cluster: its heartbeat, and the lease that this renews.
@org.jspecify.annotations.NullMarked
package fleet.agent.presence;
