/// Leader election, and what the leader does: the loop that looks, plans and writes.
@org.jspecify.annotations.NullMarked
package fleet.scheduler.lead;
