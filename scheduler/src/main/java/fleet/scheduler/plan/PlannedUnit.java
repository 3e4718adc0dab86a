package fleet.scheduler.plan;

import fleet.cluster.Assignment;
import fleet.cluster.DesiredUnit;
import fleet.cluster.MachineId;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.requirements.Glob;
import fleet.unit.requirements.Grace;
import fleet.unit.requirements.Requirements;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A unit while a plan is made: where it was, where it would be by the plan so far, and which other
/// units it has to do with.
final class PlannedUnit implements Comparable<PlannedUnit> {

  /// What is to become of a unit.
  enum Intent {
    /// It runs wherever it can.
    WANTED,
    /// Its record is spoiled: it stays where it is.
    UNREADABLE,
    /// Users want it nowhere.
    INACTIVE,
    /// It is no more.
    DESTROYED
  }

  private final UnitName.Placeable name;
  private final Intent intent;
  private final Requirements requirements;
  private final Optional<DesiredUnit> desired;
  private final SortedMap<PlannedMachine, Assignment> assignedTo;
  private final SortedSet<MachineId> stillReportedBy = new TreeSet<>();
  private final SortedSet<PlannedMachine> placedOn = new TreeSet<>();
  private final SortedSet<Glob> matchedBy = new TreeSet<>();
  private final List<PlannedUnit> peers = new ArrayList<>();
  private final List<PlannedUnit> followers = new ArrayList<>();
  private final List<PlannedUnit> replacers = new ArrayList<>();
  private List<UnitName.Placeable> circle = List.of();
  private @Nullable FeasibleMachines feasible;
  private int number;

  private PlannedUnit(
      UnitName.Placeable name,
      Intent intent,
      Requirements requirements,
      Optional<DesiredUnit> desired,
      SortedMap<PlannedMachine, Assignment> assignedTo) {
    this.name = name;
    this.intent = intent;
    this.requirements = requirements;
    this.desired = desired;
    this.assignedTo = assignedTo;
  }

  static PlannedUnit wanted(
      UnitName.Placeable name,
      DesiredUnit desired,
      SortedMap<PlannedMachine, Assignment> assignedTo) {
    return new PlannedUnit(
        name, Intent.WANTED, desired.requirements(), Optional.of(desired), assignedTo);
  }

  /// A unit that users want nowhere.
  static PlannedUnit unwanted(
      UnitName.Placeable name, Intent intent, SortedMap<PlannedMachine, Assignment> assignedTo) {
    return new PlannedUnit(name, intent, Requirements.NONE, Optional.empty(), assignedTo);
  }

  /// A unit of which only its assignments can be read: it asks for what they ask for.
  static PlannedUnit unreadable(
      UnitName.Placeable name, SortedMap<PlannedMachine, Assignment> assignedTo) {
    var requirements =
        assignedTo.values().stream()
            .findFirst()
            .map(assignment -> Requirements.of(name, assignment.file()))
            .orElse(Requirements.NONE);
    return new PlannedUnit(name, Intent.UNREADABLE, requirements, Optional.empty(), assignedTo);
  }

  UnitName.Placeable name() {
    return name;
  }

  Intent intent() {
    return intent;
  }

  boolean wanted() {
    return intent == Intent.WANTED;
  }

  Requirements requirements() {
    return requirements;
  }

  /// What users want of it; empty unless it is wanted.
  Optional<DesiredUnit> desired() {
    return desired;
  }

  boolean global() {
    return requirements.global();
  }

  /// The machines that it is assigned to by the snapshot, each with what it was told.
  SortedMap<PlannedMachine, Assignment> assignedTo() {
    return assignedTo;
  }

  /// Machines that report it though it is not assigned to them: it may still be stopping there.
  SortedSet<MachineId> stillReportedBy() {
    return stillReportedBy;
  }

  /// The machines that it is placed on by the plan so far. Changed by [Placements] alone.
  SortedSet<PlannedMachine> placedOn() {
    return placedOn;
  }

  /// Globs that match its name, of all that stand in somebody's `Conflicts`.
  SortedSet<Glob> matchedBy() {
    return matchedBy;
  }

  /// Wanted units that its `MachineOf` names.
  List<PlannedUnit> peers() {
    return peers;
  }

  /// Units whose `MachineOf` names it.
  List<PlannedUnit> followers() {
    return followers;
  }

  /// Units that push it off their machine.
  List<PlannedUnit> replacers() {
    return replacers;
  }

  /// The circle into which its `MachineOf` leads, if it is part of one.
  List<UnitName.Placeable> circle() {
    return circle;
  }

  void circle(List<UnitName.Placeable> units) {
    circle = units;
  }

  /// Which machines can take it, and all others with the same [Demand].
  FeasibleMachines feasible() {
    return Objects.requireNonNull(feasible);
  }

  void feasible(FeasibleMachines shared) {
    feasible = shared;
  }

  /// Whether a machine that has it was told that it must be the only copy.
  boolean exclusiveOn(PlannedMachine machine) {
    Assignment told = assignedTo.get(machine);
    return told != null
        && desired
            .filter(unit -> sameText(told, unit))
            .map(_ -> requirements.exclusive())
            .orElseGet(() -> Requirements.of(name, told.file()).exclusive());
  }

  /// What that machine should be told if it has it, and if it is wanted. From one that is gone an
  /// exclusive unit is withheld.
  Optional<Assignment> assignment(PlannedMachine machine) {
    Assignment told = assignedTo.get(machine);
    return desired.map(
        unit ->
            told != null && isWithheldFrom(machine, told)
                ? told.withhold()
                : new Assignment(
                    name,
                    unit.file(),
                    unit.target(),
                    unit.restarts().on(machine.id()),
                    unit.orders().on(machine.id())));
  }

  private boolean isWithheldFrom(PlannedMachine machine, Assignment told) {
    return switch (machine.availability()) {
      case PRESENT -> false;
      case HELD -> told.withheld();
      case GONE -> exclusiveOn(machine);
    };
  }

  /// Whether a machine must be rid of the old text before it is told of the new one: what is known
  /// of a copy that must be the only one, and of the time that it takes to stop, is what its
  /// machine was told last.
  boolean mustGoBeforeItsNewText(PlannedMachine machine) {
    Assignment told = assignedTo.get(machine);
    return told != null
        && exclusiveOn(machine)
        && desired
            .map(
                unit ->
                    !requirements.exclusive()
                        || Grace.millis(unit.file()) < Grace.millis(told.file()))
            .orElse(false);
  }

  /// Whether its text is another than a machine was told.
  boolean rewritten() {
    return desired
        .map(unit -> assignedTo.values().stream().anyMatch(machine -> !sameText(machine, unit)))
        .orElse(false);
  }

  /// Whether `machine`, which has the unit, needs to be told something new.
  boolean outdated(PlannedMachine machine) {
    Assignment told = assignedTo.get(machine);
    return assignment(machine)
        .map(
            wanted ->
                told == null
                    || wanted.target() != told.target()
                    || wanted.generation() != told.generation()
                    || !wanted.order().equals(told.order())
                    || !sameText(told, wanted.file()))
        .orElse(false);
  }

  private static boolean sameText(Assignment told, DesiredUnit unit) {
    return sameText(told, unit.file());
  }

  private static boolean sameText(Assignment told, UnitFile file) {
    return told.file().equals(file) || told.file().hash().equals(file.hash());
  }

  /// Whether it conflicts with nothing whatever.
  boolean competesWithNobody() {
    return requirements.conflicts().isEmpty() && matchedBy.isEmpty();
  }

  /// The assignments of a unit that is assigned to no machine.
  static SortedMap<PlannedMachine, Assignment> nowhere() {
    return new TreeMap<>();
  }

  /// Tells the unit how many others sort before it. From then on it can be compared.
  void number(int before) {
    number = before;
  }

  /// By name: by [#number], which is the same and quicker.
  @Override
  public int compareTo(PlannedUnit other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name.text();
  }
}
