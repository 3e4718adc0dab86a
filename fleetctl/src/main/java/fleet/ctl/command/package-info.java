/// What a verb is, what it is given, and how it ends.
@org.jspecify.annotations.NullMarked
package fleet.ctl.command;
