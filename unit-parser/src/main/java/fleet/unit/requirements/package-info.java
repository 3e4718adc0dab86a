/// What a unit file asks of the cluster: its section `[X-Fleet]`, what is wrong with it, and what
/// it may have meant.
@org.jspecify.annotations.NullMarked
package fleet.unit.requirements;
