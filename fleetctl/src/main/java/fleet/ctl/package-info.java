/// `fleetctl`, the command line.
///
/// Read [Fleetctl] first, then a verb ([fleet.ctl.change.Start] has the most to tell).
@org.jspecify.annotations.NullMarked
package fleet.ctl;
