/// Makes one machine run what is assigned to it.
@org.jspecify.annotations.NullMarked
package fleet.agent;
