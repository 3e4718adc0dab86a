/// Verbs that change what the cluster should do, and wait until it has been done.
///
/// [Change] carries out every change of units; what `start`, `load` and `submit` ask of the API is
/// in [Activation], what `stop`, `unload` and `destroy` ask in [Deactivation], and what `restart`
/// asks in [RollingRestart]. What the help says of the first six is in [UnitVerb].
@org.jspecify.annotations.NullMarked
package fleet.ctl.change;
