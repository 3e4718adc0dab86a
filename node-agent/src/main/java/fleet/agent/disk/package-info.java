/// What an agent keeps on disk, and its text.
@org.jspecify.annotations.NullMarked
package fleet.agent.disk;
