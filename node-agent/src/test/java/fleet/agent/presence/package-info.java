@org.jspecify.annotations.NullMarked
package fleet.agent.presence;
