package fleet.scheduler.plan;

/// Why a unit is placed on this machine and on no other.
public sealed interface PlacementReason {

  /// The reason for people to read: `fewest units (3)`.
  String text();

  /// Of the machines that can take it, none has fewer units; among equals its ID sorts first.
  ///
  /// @param units how many the machine had before
  record FewestUnits(int units) implements PlacementReason {
    @Override
    public String text() {
      return "fewest units (" + units + ")";
    }
  }

  /// `MachineID` leaves no choice.
  record Named() implements PlacementReason {
    @Override
    public String text() {
      return "MachineID names it";
    }
  }

  /// The unit goes where its peers are.
  record WithPeer(String peer) implements PlacementReason {
    @Override
    public String text() {
      return "with its peer " + peer;
    }
  }

  /// The unit is global and runs on each machine that can take it.
  record Everywhere() implements PlacementReason {
    @Override
    public String text() {
      return "global";
    }
  }
}
