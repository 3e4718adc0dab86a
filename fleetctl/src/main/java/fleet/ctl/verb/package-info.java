/// The verbs of `fleetctl`: one class each, and what several of them share.
///
/// A new verb is a class that implements [Command], a line in [Verbs], and transcripts of what it
/// prints.
@org.jspecify.annotations.NullMarked
package fleet.ctl.verb;
