package fleet.scheduler.plan;

/// Why a unit is taken off a machine.
public sealed interface Cause {

  /// The cause for people to read: `its machine is gone`.
  String text();

  /// Users have destroyed the unit.
  record Destroyed() implements Cause {
    @Override
    public String text() {
      return "destroyed";
    }
  }

  /// Users want it on no machine.
  record Inactive() implements Cause {
    @Override
    public String text() {
      return "its target is inactive";
    }
  }

  /// The machine has lost its lease, and another can take the unit.
  record MachineGone() implements Cause {
    @Override
    public String text() {
      return "its machine is gone";
    }
  }

  /// It is assigned to several machines, and should run on one.
  record Duplicate() implements Cause {
    @Override
    public String text() {
      return "it should run on one machine only";
    }
  }

  /// It is exclusive, and has another text in which it may be so no longer, or stop sooner.
  record Rewritten() implements Cause {
    @Override
    public String text() {
      return "its old text must have stopped before it gets its new one";
    }
  }

  /// The machine cannot take it any more.
  record Vetoed(Veto veto) implements Cause {
    @Override
    public String text() {
      return veto.reason();
    }
  }
}
