/// In which order a plan is written: what takes away a place or gives one first, explanations last
/// and a little at a time. Functions of a plan and its snapshot.
@org.jspecify.annotations.NullMarked
package fleet.scheduler.commit;
