/// What a machine tells of its units: their states, and the last lines of those that have failed.
@org.jspecify.annotations.NullMarked
package fleet.agent.report;
