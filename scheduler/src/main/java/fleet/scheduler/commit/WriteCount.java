package fleet.scheduler.commit;

/// How many decisions there were of each kind.
///
/// @param assigned a unit was put on a machine
/// @param unassigned a unit was taken off one
/// @param lost it was taken off because its machine was gone
/// @param unplaced a unit was found to be on no machine, or to be so for another reason
public record WriteCount(long assigned, long unassigned, long lost, long unplaced) {

  /// Nothing was written.
  public static final WriteCount NOTHING = new WriteCount(0, 0, 0, 0);

  /// Both together.
  public WriteCount plus(WriteCount more) {
    return new WriteCount(
        assigned + more.assigned,
        unassigned + more.unassigned,
        lost + more.lost,
        unplaced + more.unplaced);
  }
}
