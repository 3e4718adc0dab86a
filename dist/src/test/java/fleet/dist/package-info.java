/// The product on real machines: what a user would see, and how long it takes.
@org.jspecify.annotations.NullMarked
package fleet.dist;
