/// Verbs that change what the cluster should do, and wait until it has been done.
///
/// [Change] carries out every change of units; what `start`, `load` and `submit` ask of the API is
/// in [Activation], what `stop` and `unload` ask in [Deactivation].
@org.jspecify.annotations.NullMarked
package fleet.ctl.change;
