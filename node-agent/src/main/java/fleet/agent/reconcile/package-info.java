/// The agent's decision: what to do on a machine, as a function of what should be there, what has
/// been done, what was seen, and what the lease allows. Equal inputs give equal outputs; nothing
/// here asks for the time, waits, logs or reaches for systemd.
@org.jspecify.annotations.NullMarked
package fleet.agent.reconcile;
