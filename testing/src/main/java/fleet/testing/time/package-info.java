/// Virtual time: an environment in which a day passes in a moment, and as its seed says.
@org.jspecify.annotations.NullMarked
package fleet.testing.time;
