package fleet.testing.systemd;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.LocalUnit;
import fleet.agent.systemd.Origin.Loaded;
import fleet.cluster.env.Environment.Signal;
import fleet.testing.systemd.SimulatedDisk.Source;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.requirements.Requirements;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A unit in the memory of a [SimulatedSystemd]. All methods are called while that is held.
final class SimulatedUnit {

  /// A job, from its queuing to its end.
  static final class Job {
    String kind;
    final List<Signal> waiting = new ArrayList<>();
    @Nullable JobResult result;

    Job(String kind) {
      this.kind = kind;
    }

    void finish(JobResult result) {
      this.result = result;
      waiting.forEach(Signal::raise);
    }
  }

  private final UnitName.Placeable name;
  private Optional<Source> source = Optional.empty();
  private Behavior behavior;
  private boolean exclusive;
  String active = "inactive";
  String sub = "dead";
  String result = "success";
  @Nullable Job job;

  /// Numbers the present or last run of all that there were on this machine; 0 if there was none.
  private long begun;

  private long restarts;
  private String exit = "";
  private String unloadable = "loaded";

  /// When what runs, or ran last, began, and whether from a file of fleet's.
  Duration began = Duration.ZERO;

  boolean fromFleet;

  private final SimulatedSystemd machine;

  /// Counts its changes, so that what was to happen later can see whether it still should.
  private long turn;

  SimulatedUnit(UnitName.Placeable name, SimulatedSystemd machine) {
    this.name = name;
    this.machine = machine;
    this.behavior = Behavior.of(name, new UnitFile(List.of()));
  }

  /// Takes what is on disk, as systemd does when it reloads.
  ///
  /// @param verdict `loaded`, or systemd's word for why it cannot be loaded, whatever its file says
  void load(Optional<Source> found, String verdict) {
    unloadable = verdict;
    if (!found.equals(source)) {
      source = found;
      UnitFile file = found.map(Source::file).orElse(new UnitFile(List.of()));
      behavior = Behavior.of(name, file);
      exclusive = Requirements.of(name, file).exclusive();
    }
  }

  Loaded loaded() {
    return source
        .map(found -> found.fleets() ? Loaded.FLEETS : Loaded.ANOTHERS)
        .orElse(Loaded.NOTHING);
  }

  boolean exclusive() {
    return exclusive;
  }

  String load() {
    if (source.isEmpty()) {
      return "not-found";
    }
    return unloadable.equals("loaded") ? behavior.load() : unloadable;
  }

  boolean rests() {
    return active.equals("inactive") || active.equals("failed");
  }

  LocalUnit.Run run() {
    return begun == 0
        ? LocalUnit.Run.NONE
        : new LocalUnit.Run(String.format(Locale.ROOT, "%032x", begun), restarts, exit);
  }

  Behavior behavior() {
    return behavior;
  }

  Job enqueue(String kind, Signal done) {
    Job queued = job;
    if (queued == null || !queued.kind.equals(kind)) {
      if (queued != null) {
        queued.finish(JobResult.CANCELED);
      }
      queued = new Job(kind);
      job = queued;
    }
    queued.waiting.add(done);
    proceed();
    return queued;
  }

  /// Takes the job in hand, if its time has come.
  private void proceed() {
    if (job == null) {
      return;
    }
    boolean start = job.kind.equals("start");
    switch (active) {
      case "inactive", "failed" -> {
        if (start || job.kind.equals("restart")) {
          job.kind = "start";
          restarts = 0;
          exit = "";
          tryToBegin();
        } else {
          finish(JobResult.DONE);
        }
      }
      case "active" -> {
        if (start) {
          finish(JobResult.DONE);
        } else {
          shutDown();
        }
      }
      case "activating" -> {
        if (!start) {
          shutDown();
        }
      }
      default -> {} // it is deactivating
    }
  }

  private void tryToBegin() {
    Optional<UnitName.Placeable> missing =
        behavior.triggers().filter(unit -> machine.unit(unit).load().equals("not-found"));
    if (missing.isPresent()) {
      machine.log(
          name, name + ": Refusing to start, unit " + missing.get() + " to trigger not loaded.");
      finish(JobResult.FAILED);
    } else {
      begin();
    }
  }

  /// As `Restart=` does.
  void beginAgain() {
    restarts++;
    begin();
  }

  void begin() {
    begun = machine.nextRun();
    began = machine.uptime();
    fromFleet = loaded() == Loaded.FLEETS;
    if (fromFleet) {
      machine.begins(name);
    }
    result = "success";
    if (behavior.oneshot()) {
      become("activating", "start");
      behavior.runs().ifPresent(time -> later(time, this::runOut));
    } else {
      become("active", behavior.sub());
      finish(JobResult.DONE);
      behavior.runs().ifPresent(time -> later(time, this::runOut));
    }
  }

  private void runOut() {
    if (behavior.fails()) {
      fail();
    } else if (behavior.remains()) {
      become("active", "exited");
      finish(JobResult.DONE);
    } else {
      end("inactive", "dead", "success");
    }
  }

  private void shutDown() {
    become("deactivating", "stop");
    later(behavior().stops(), () -> end("inactive", "dead", "success"));
  }

  void end(String active, String sub, String result) {
    boolean started = this.active.equals("deactivating");
    this.result = result;
    if (!result.equals("success")) {
      exit = result.equals("signal") ? "killed by SIGKILL" : "exit code 1";
      machine.log(name, name + ": Failed with result '" + result + "'.");
    }
    become(active, sub);
    if (job != null && !job.kind.equals("stop") && started) {
      proceed();
    } else {
      finish(
          active.equals("failed") && job != null && job.kind.equals("start")
              ? JobResult.FAILED
              : JobResult.DONE);
    }
    if (machine.isStartedAgain(name)) {
      begin();
    }
  }

  /// Its main program fails, and is started again if its `Restart=` says so.
  void fail() {
    end("failed", "failed", "exit-code");
    if (active.equals("failed") && behavior.restart().isPresent()) {
      become("activating", "auto-restart");
      later(behavior.restart().get(), this::beginAgain);
    }
  }

  /// Stops it, and kills what does not end at once. A start that has been asked for comes to
  /// nothing.
  void kill() {
    if (job != null && !job.kind.equals("stop")) {
      Job canceled = job;
      job = null;
      canceled.finish(JobResult.CANCELED);
    }
    if (!rests()) {
      end("failed", "failed", "signal");
    }
  }

  private void become(String active, String sub) {
    this.active = active;
    this.sub = sub;
    turn++;
    machine.notifyWatchers();
  }

  private void finish(JobResult result) {
    Job finished = job;
    job = null;
    if (finished != null) {
      finished.finish(result);
    }
    machine.notifyWatchers();
  }

  private void later(Duration time, Runnable event) {
    long scheduled = turn;
    machine.later(
        "life of " + name,
        time,
        () -> {
          if (turn == scheduled) {
            event.run();
          }
        });
  }

  void vanish() {
    turn++;
    finish(JobResult.COLLECTED);
  }
}
