/// Time, chance and threads: the one door to them.
@org.jspecify.annotations.NullMarked
package fleet.cluster.env;
