/// What users have asked of the units of one machine, and what became of it.
@org.jspecify.annotations.NullMarked
package fleet.agent.order;
