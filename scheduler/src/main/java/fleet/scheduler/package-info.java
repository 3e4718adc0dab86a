/// Which unit runs on which machine: the leader's decision, and the loop that carries it out.
///
/// Every daemon that may lead has an engine. One of them leads, and does four things whenever
/// something has changed in the store:
///
/// 1. It looks at the cluster, as one snapshot.
/// 2. It finds out what the snapshot does not show ([fleet.scheduler.uncertainty]): whether a
///    machine that is absent is lost, or has only had no time to report.
/// 3. It plans ([fleet.scheduler.plan]): which unit goes on which machine, and why; which unit
///    waits, and why no machine can take it.
/// 4. It commits the plan ([fleet.scheduler.commit]), losses first, under a guard that holds only
///    for as long as it leads.
///
/// Steps 2 to 4 are functions of values: equal inputs give equal outputs, and nothing in these
/// packages asks for the time, waits, logs or reaches for the store. The loop around them is
/// [fleet.scheduler.lead.LeaderLoop].
@org.jspecify.annotations.NullMarked
package fleet.scheduler;
