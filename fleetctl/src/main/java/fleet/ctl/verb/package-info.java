/// All verbs, by name, and those that are about the command line itself.
///
/// A new verb is a class that implements [fleet.ctl.command.Command], a line in [Verbs], and
/// transcripts of what it prints.
@org.jspecify.annotations.NullMarked
package fleet.ctl.verb;
