/// What an agent knows of one unit, as values: each thing that happens makes the next one of the
/// last. Nothing here asks for the time or for chance; who does gives them.
@org.jspecify.annotations.NullMarked
package fleet.agent.unit;
