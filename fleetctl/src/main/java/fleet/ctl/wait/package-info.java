/// Waiting until units are where somebody wants them, and saying why they are not.
///
/// [Judge] decides from one answer of the API; [Watch] asks again and again, for all units at once.
@org.jspecify.annotations.NullMarked
package fleet.ctl.wait;
