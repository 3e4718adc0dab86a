package fleet.scheduler.plan;

import fleet.unit.UnitName;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Why a machine cannot take a unit. [Placements#veto] says in which order they are asked: the
/// first that applies is given. [Failed] is asked last and elsewhere ([PlanBuilder]): only of a
/// unit that is on the machine already, and only if another machine could take it.
public sealed interface Veto {

  /// The reason for people to read, said of the machine: `needs metadata disk=ssd, this machine has
  /// disk=hdd`.
  String reason();

  /// `MachineID` names another machine.
  record OtherMachine(String machineId) implements Veto {
    @Override
    public String reason() {
      return "not the machine that MachineID=" + machineId + " names";
    }
  }

  /// `MachineMetadata` asks for a value that the machine does not have.
  ///
  /// @param accepted the values that would do
  /// @param found what the machine has under that key
  record Metadata(String key, SortedSet<String> accepted, Optional<String> found) implements Veto {
    public Metadata {
      accepted = Collections.unmodifiableSortedSet(new TreeSet<>(accepted));
    }

    @Override
    public String reason() {
      return "needs metadata "
          + key
          + "="
          + String.join(" or ", accepted)
          + ", this machine has "
          + found.map(value -> key + "=" + value).orElse("no " + key);
    }
  }

  /// The machine has the unit's name for itself.
  ///
  /// @param why said of the machine: `has a mine.service of its own: …`
  record Own(String why) implements Veto {
    @Override
    public String reason() {
      return "this machine " + why;
    }
  }

  /// `MachineOf` names units that name each other, so that each waits for the next for ever.
  ///
  /// @param units the circle; the last names the first
  record Circle(List<UnitName.Placeable> units) implements Veto {
    public Circle {
      units = List.copyOf(units);
    }

    @Override
    public String reason() {
      return "MachineOf leads in a circle: "
          + units.stream().map(unit -> unit + " → ").collect(Collectors.joining())
          + units.getFirst();
    }
  }

  /// A unit that `MachineOf` names is on no machine.
  record PeerNowhere(String peer, Absence absence) implements Veto {
    @Override
    public String reason() {
      return switch (absence) {
        case UNKNOWN -> "its peer " + peer + " does not exist";
        case INACTIVE -> "its peer " + peer + " is inactive";
        case WAITING -> "its peer " + peer + " is on no machine";
      };
    }
  }

  /// Why a peer is on no machine.
  enum Absence {
    /// There is no unit of that name.
    UNKNOWN,
    /// Users want it on no machine.
    INACTIVE,
    /// No machine can take it either.
    WAITING
  }

  /// A unit that `MachineOf` names is on other machines only.
  record PeerElsewhere(String peer) implements Veto {
    @Override
    public String reason() {
      return "its peer " + peer + " is not here";
    }
  }

  /// One of the unit's `Conflicts` matches a unit on the machine, or one of that unit's matches it.
  record Conflict(UnitName.Placeable with) implements Veto {
    @Override
    public String reason() {
      return "conflicts with " + with + ", which is here";
    }
  }

  /// The unit has failed on the machine as often as its `FailureLimit` allows, or more.
  ///
  /// @param times how often in a row
  record Failed(int times) implements Veto {
    @Override
    public String reason() {
      return times == 1 ? "it has failed here" : "it has failed here " + times + " times in a row";
    }
  }

  /// A unit on the machine `Replaces` this one.
  record Replaced(UnitName.Placeable by) implements Veto {
    @Override
    public String reason() {
      return "replaced by " + by + ", which is here";
    }
  }
}
