/// The double of what outlives an agent on its disk.
@org.jspecify.annotations.NullMarked
package fleet.testing.saved;
