package fleet.cluster.registry;

import fleet.cluster.Assignment;
import fleet.unit.Parsed;
import fleet.unit.UnitName;

/// An assignment as text in one line: what lies in the store, for those who keep a copy elsewhere.
public final class AssignmentText {

  private AssignmentText() {}

  /// The text of an assignment, without the name of its unit.
  public static String of(Assignment assignment) {
    return Codec.text(assignment);
  }

  /// The assignment of that unit and text, or why it is none.
  public static Parsed<Assignment> parse(UnitName.Placeable unit, String text) {
    return Codec.assignment(unit, text);
  }
}
