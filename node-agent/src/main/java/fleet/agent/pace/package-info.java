/// How patient an agent is, and how it keeps from doing too much at once.
@org.jspecify.annotations.NullMarked
package fleet.agent.pace;
