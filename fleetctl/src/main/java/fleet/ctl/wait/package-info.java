/// Waiting for what becomes of orders, and until units have gone; and saying why not.
///
/// [Judge] decides from one answer of the API, by [ReportedState] only where an agent knows no
/// orders; [Waiter] asks again and again, for all units at once.
@org.jspecify.annotations.NullMarked
package fleet.ctl.wait;
