/// Programs that measure, for `docs/benchmarks/`.
@org.jspecify.annotations.NullMarked
package fleet.benchmarks;
