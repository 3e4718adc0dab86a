/// Makes one machine run what is assigned to it: the agent, one of which runs in each daemon.
///
/// It does four things, each in a task of its own, so that none waits for another:
///
/// 1. It keeps the machine present: it holds a lease in the store, and renews it in time
///    ([fleet.agent.presence.Heartbeat], [fleet.agent.presence.HedgedRenewal]). The lease is
///    what allows the machine to run units that must not run twice.
/// 2. It follows what the leader assigns to the machine, and keeps a copy on disk
///    ([fleet.agent.AssignmentFollower]).
/// 3. It drives the local systemd, so that what is assigned runs, and nothing else of fleet's does
///    ([fleet.agent.ReconcileLoop]).
/// 4. It tells what the units do ([fleet.agent.report.StatePublisher]).
///
/// The third is the heart. One loop owns one record for each unit ([fleet.agent.unit.UnitRecord]),
/// and nobody else writes there: tasks that wait for systemd's jobs, or for the store, offer events
/// to the loop's inbox. Each pass of the loop
///
/// - takes the events, each of which makes new records of the old ones;
/// - looks at systemd;
/// - decides ([fleet.agent.reconcile.Step], a function of what is known and of what was seen): that
///   gives new records, and what to do about them ([fleet.agent.reconcile.Reconciler]);
/// - notes what it is about to do on disk, since the agent may be killed at any time, and then does
///   it: stops at once, then files and one reload, then starts. It cannot do it in another order:
///   the actions are given out for the notes ([fleet.agent.reconcile.Ready]);
/// - tells the states, if there was nothing to do.
///
/// Exclusive units have a dead man's switch beside that, which systemd fires when the machine's
/// lease is not renewed, whatever has become of the agent ([fleet.agent.Switches]).
@org.jspecify.annotations.NullMarked
package fleet.agent;
