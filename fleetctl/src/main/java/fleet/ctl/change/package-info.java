/// Verbs that change what the cluster should do, and wait until it has been done.
///
/// What `start`, `load` and `submit` share is in [Raise], what `stop` and `unload` share in
/// [Lower].
@org.jspecify.annotations.NullMarked
package fleet.ctl.change;
