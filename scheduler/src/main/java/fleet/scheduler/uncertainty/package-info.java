/// What a leader cannot be certain of, as a function of what it has seen and when: whether the
/// store has answered all along, which machines come and go, and for how long a copy of an
/// exclusive unit may still run on a machine that is gone.
///
/// All of it are values. Whoever sees something makes the next value of the last one, and gives the
/// time to it; nothing here asks for the time.
@org.jspecify.annotations.NullMarked
package fleet.scheduler.uncertainty;
