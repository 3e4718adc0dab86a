/// Verbs that show something and change nothing: lists, files, states, logs; and the ways to a
/// machine.
@org.jspecify.annotations.NullMarked
package fleet.ctl.look;
