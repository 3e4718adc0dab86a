/// The port to what outlives an agent: a text on its machine's disk.
@org.jspecify.annotations.NullMarked
package fleet.agent.saved;
