package fleet.agent;

import fleet.agent.pace.AgentOptions;
import fleet.agent.reconcile.ActionText;
import fleet.agent.reconcile.AgentAction;
import fleet.agent.reconcile.AgentAction.Adopt;
import fleet.agent.reconcile.AgentAction.Install;
import fleet.agent.reconcile.AgentAction.Reload;
import fleet.agent.reconcile.AgentAction.Remove;
import fleet.agent.reconcile.AgentAction.Restart;
import fleet.agent.reconcile.AgentAction.Start;
import fleet.agent.reconcile.AgentAction.Stop;
import fleet.agent.reconcile.AgentAction.Try;
import fleet.agent.reconcile.AgentAction.Wait;
import fleet.agent.reconcile.Expected;
import fleet.agent.reconcile.Permissions;
import fleet.agent.reconcile.Sight;
import fleet.agent.reconcile.Step;
import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.agent.unit.Fence.Disturbance;
import fleet.agent.unit.UnitEvent;
import fleet.agent.unit.UnitEvent.StartEnd;
import fleet.agent.unit.UnitEvent.StopEnd;
import fleet.agent.unit.UnitRecord;
import fleet.cluster.Assignment;
import fleet.cluster.TargetState;
import fleet.testing.time.VirtualEnvironment;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.words.TimeSpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// One machine of a transcript, on which nothing happens but what its lines say:
///
/// ```
/// assigned UNIT TARGET [OPTION…]    from now on; OPTION is a line of [X-Fleet]
/// unassigned UNIT
/// seen UNIT ACTIVE                  what systemd says of it: active, inactive, failed, …
/// start of UNIT ended[: RESULT]     in vain, if there is a job's result
/// start of UNIT refused
/// stop of UNIT ended
/// after SPAN
/// lease lapses | lease renewed
/// switch of UNIT fires              its dead man's switch
/// ```
///
/// Files are written and read without fail, and systemd takes all starts and stops that it is asked
/// for. Switches of exclusive units are armed as long as the lease is held.
final class StepPlayer {

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final UnitTable table = new UnitTable(environment, AgentOptions.DEFAULTS, new OwnUnits());
  private final JobOutcomes outcomes = new JobOutcomes(table);
  private final TreeMap<UnitName.Placeable, Assignment> assigned = new TreeMap<>();

  /// What has been assigned at any time, as it was last.
  private final TreeMap<UnitName.Placeable, Assignment> known = new TreeMap<>();

  private final TreeMap<UnitName.Placeable, String> active = new TreeMap<>();
  private final TreeSet<UnitName.Placeable> fired = new TreeSet<>();
  private boolean lapsed;
  private long disturbances;

  void play(String line) {
    String[] halves = line.split(": ", 2);
    String[] words = halves[0].split(" ");
    switch (words[0]) {
      case "assigned" -> {
        assigned.put(unit(words[1]), assignment(words));
        tell();
      }
      case "unassigned" -> {
        assigned.remove(unit(words[1]));
        tell();
      }
      case "seen" -> active.put(unit(words[1]), words[2]);
      case "start" -> outcomes.take(started(unit(words[2]), words[3], halves));
      case "stop" ->
          outcomes.take(
              new UnitEvent.StopEnded(
                  unit(words[2]), Optional.empty(), new StopEnd.Stopped(), environment.uptime()));
      case "after" -> environment.run(TimeSpan.parse(words[1]).orElseThrow());
      case "lease" -> {
        lapsed = words[1].equals("lapses");
        disturbances += lapsed ? 0 : 1;
      }
      case "switch" -> fired.add(unit(words[2]));
      default -> throw new AssertionError("cannot read \"" + line + "\"");
    }
  }

  private static UnitName.Placeable unit(String text) {
    return (UnitName.Placeable) UnitName.parse(text).orElseThrow();
  }

  private static Assignment assignment(String[] words) {
    var text = new StringBuilder("[Service]\nExecStart=/bin/it\n[X-Fleet]\n");
    List.of(words).subList(3, words.length).forEach(option -> text.append(option).append('\n'));
    return new Assignment(
        unit(words[1]),
        UnitFile.parse(text.toString()).orElseThrow(),
        TargetState.of(words[2]).orElseThrow(),
        1);
  }

  private void tell() {
    known.putAll(assigned);
    outcomes.take(new UnitEvent.Assigned(assigned, new TreeMap<>(), new TreeMap<>(), 7));
  }

  private UnitEvent started(UnitName.Placeable unit, String how, String[] halves) {
    StartEnd end =
        how.equals("refused")
            ? new StartEnd.Refused("systemd would not")
            : halves.length == 1
                ? new StartEnd.Started()
                : new StartEnd.NotStarted(
                    JobResult.of(halves[1]), "systemd says so", new TreeSet<>());
    return new UnitEvent.StartEnded(
        Objects.requireNonNull(known.get(unit)), end, environment.uptime());
  }

  /// Looks, and does what comes of that.
  ///
  /// @return what comes of it
  String look() {
    Expected expected = table.expected().orElseThrow();
    var step = Step.of(table.records(), sight(expected));
    var text = new StringBuilder();
    step.cutDown().forEach(unit -> text.append("cut down: ").append(unit).append('\n'));
    List<AgentAction> actions = step.ready().noted((records, _) -> table.take(records));
    if (step.cutDown().isEmpty()) {
      text.append(ActionText.of(actions));
    }
    var starts = new ArrayList<AgentAction>();
    for (AgentAction action : actions) {
      switch (action) {
        case Install(var assignment, _) -> table.loaded(assignment);
        case Remove(var unit, _) -> table.removed(unit);
        case Stop(var unit, _) -> table.note(unit, UnitRecord::stopBegan);
        case Start _, Restart _ -> starts.add(action);
        case Reload _, Adopt _, Try _, Wait _ -> {}
      }
    }
    start(starts, step);
    table
        .problems()
        .texts()
        .forEach(
            (unit, why) -> text.append("(").append(unit).append(": ").append(why).append(")\n"));
    return text.toString();
  }

  private void start(List<AgentAction> starts, Step step) {
    for (AgentAction action :
        Step.starts(table.records(), starts, step.local(), disturbances)
            .noted((records, _) -> table.take(records))) {
      if (action instanceof Start(var assignment, _)) {
        table.note(assignment.unit(), UnitRecord::startBegan);
      }
    }
  }

  private Sight sight(Expected expected) {
    var observed = new TreeMap<UnitName.Placeable, LocalUnit>();
    expected.names().forEach(unit -> observed.put(unit, seen(unit, expected)));
    var exclusive = new TreeSet<>(expected.exclusive().keySet());
    var disturbed = new TreeMap<UnitName.Placeable, Disturbance>();
    exclusive.forEach(
        unit ->
            disturbed.put(
                unit, new Disturbance(disturbances, disturbances, lapsed, fired.remove(unit))));
    var armed = lapsed ? new TreeSet<UnitName.Placeable>() : exclusive;
    Duration now = environment.uptime();
    return new Sight(
        expected,
        observed,
        new Permissions(lapsed, true, false, expected.bound(), exclusive, armed),
        disturbed,
        false,
        table.failures(),
        now,
        now);
  }

  private LocalUnit seen(UnitName.Placeable unit, Expected expected) {
    var applied = Optional.ofNullable(expected.applied().get(unit));
    OnDisk file =
        applied.<OnDisk>map(as -> new OnDisk.Present(as.hash())).orElse(new OnDisk.Absent());
    String state = active.getOrDefault(unit, "inactive");
    String result = state.equals("failed") ? "exit-code" : "success";
    String load = applied.isPresent() ? "loaded" : "not-found";
    String job = state.equals("activating") ? "start" : "";
    return new LocalUnit(file, load, state, "", result, job);
  }
}
