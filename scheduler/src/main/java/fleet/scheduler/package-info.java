/// Who runs what where: the leader's decision, and the loop that carries it out.
@org.jspecify.annotations.NullMarked
package fleet.scheduler;
