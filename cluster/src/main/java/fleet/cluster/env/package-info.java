/// Time, chance and threads: the one door to them, and a simulated world behind it.
@org.jspecify.annotations.NullMarked
package fleet.cluster.env;
