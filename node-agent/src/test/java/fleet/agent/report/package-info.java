@org.jspecify.annotations.NullMarked
package fleet.agent.report;
