package fleet.scheduler;

import fleet.cluster.Assignment;
import fleet.cluster.DesiredUnit;
import fleet.cluster.MachineId;
import fleet.unit.Glob;
import fleet.unit.Grace;
import fleet.unit.Requirements;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
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
final class Candidate implements Comparable<Candidate> {

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
  private final SortedMap<Host, Assignment> homes;
  private final SortedSet<MachineId> remnants = new TreeSet<>();
  private final SortedSet<Host> seats = new TreeSet<>();
  private final SortedSet<Glob> matchedBy = new TreeSet<>();
  private final List<Candidate> peers = new ArrayList<>();
  private final List<Candidate> followers = new ArrayList<>();
  private final List<Candidate> replacers = new ArrayList<>();
  private List<UnitName.Placeable> circle = List.of();
  private @Nullable Openings openings;
  private int number;

  private Candidate(
      UnitName.Placeable name,
      Intent intent,
      Requirements requirements,
      Optional<DesiredUnit> desired,
      SortedMap<Host, Assignment> homes) {
    this.name = name;
    this.intent = intent;
    this.requirements = requirements;
    this.desired = desired;
    this.homes = homes;
  }

  static Candidate wanted(
      UnitName.Placeable name, DesiredUnit desired, SortedMap<Host, Assignment> homes) {
    return new Candidate(name, Intent.WANTED, desired.requirements(), Optional.of(desired), homes);
  }

  /// A unit that users want nowhere.
  static Candidate unwanted(
      UnitName.Placeable name, Intent intent, SortedMap<Host, Assignment> homes) {
    return new Candidate(name, intent, Requirements.NONE, Optional.empty(), homes);
  }

  /// A unit of which only its assignments can be read: it asks for what they ask for.
  static Candidate unreadable(UnitName.Placeable name, SortedMap<Host, Assignment> homes) {
    var requirements =
        homes.values().stream()
            .findFirst()
            .map(assignment -> Requirements.of(name, assignment.file()))
            .orElse(Requirements.NONE);
    return new Candidate(name, Intent.UNREADABLE, requirements, Optional.empty(), homes);
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

  /// Where it was before, with what.
  SortedMap<Host, Assignment> homes() {
    return homes;
  }

  /// Machines that report it though it is not assigned to them: it may still be stopping there.
  SortedSet<MachineId> remnants() {
    return remnants;
  }

  /// Where it would be by the plan so far. Changed by [Board] alone.
  SortedSet<Host> seats() {
    return seats;
  }

  /// Globs that match its name, of all that stand in somebody's `Conflicts`.
  SortedSet<Glob> matchedBy() {
    return matchedBy;
  }

  /// Wanted units that its `MachineOf` names.
  List<Candidate> peers() {
    return peers;
  }

  /// Units whose `MachineOf` names it.
  List<Candidate> followers() {
    return followers;
  }

  /// Units that push it off their machine.
  List<Candidate> replacers() {
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
  Openings openings() {
    return Objects.requireNonNull(openings);
  }

  void openings(Openings shared) {
    openings = shared;
  }

  /// Whether a machine that has it was told that it must be the only copy.
  boolean exclusiveOn(Host home) {
    Assignment told = homes.get(home);
    return told != null
        && desired
            .filter(unit -> sameText(told, unit))
            .map(_ -> requirements.exclusive())
            .orElseGet(() -> Requirements.of(name, told.file()).exclusive());
  }

  /// What that machine should be told if it has it, and if it is wanted. From one that is gone an
  /// exclusive unit is withheld.
  Optional<Assignment> assignment(Host host) {
    Assignment told = homes.get(host);
    return desired.map(
        unit ->
            told != null && isWithheldFrom(host, told)
                ? told.withhold()
                : new Assignment(
                    name,
                    unit.file(),
                    unit.target(),
                    unit.restarts().on(host.id()),
                    unit.orders().on(host.id())));
  }

  private boolean isWithheldFrom(Host host, Assignment told) {
    return switch (host.standing()) {
      case PRESENT -> false;
      case HELD -> told.withheld();
      case GONE -> exclusiveOn(host);
    };
  }

  /// Whether a machine must be rid of the old text before it is told of the new one: what is known
  /// of a copy that must be the only one, and of the time that it takes to stop, is what its
  /// machine was told last.
  boolean mustGoBeforeItsNewText(Host home) {
    Assignment told = homes.get(home);
    return told != null
        && exclusiveOn(home)
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
        .map(unit -> homes.values().stream().anyMatch(home -> !sameText(home, unit)))
        .orElse(false);
  }

  /// Whether `home`, which has the unit, needs to be told something new.
  boolean outdated(Host home) {
    Assignment told = homes.get(home);
    return assignment(home)
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

  /// The homes of a unit that has none.
  static SortedMap<Host, Assignment> nowhere() {
    return new TreeMap<>();
  }

  /// Tells the unit how many others sort before it. From then on it can be compared.
  void number(int before) {
    number = before;
  }

  /// By name: by [#number], which is the same and quicker.
  @Override
  public int compareTo(Candidate other) {
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
