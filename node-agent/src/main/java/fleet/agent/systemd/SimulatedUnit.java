package fleet.agent.systemd;

import fleet.cluster.env.Environment.Signal;
import fleet.unit.Requirements;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A unit in the memory of a [SimulatedSystemd]. All methods are called while that is held.
final class SimulatedUnit {

  /// A job, from its queuing to its end.
  static final class Job {
    final String kind;
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
  private Optional<UnitFile> file = Optional.empty();
  private Behavior behavior;
  private boolean exclusive;
  String active = "inactive";
  String sub = "dead";
  String result = "success";
  @Nullable Job job;

  private final SimulatedSystemd machine;

  /// Counts its changes, so that what was to happen later can see whether it still should.
  private long turn;

  SimulatedUnit(UnitName.Placeable name, SimulatedSystemd machine) {
    this.name = name;
    this.machine = machine;
    this.behavior = Behavior.of(name, new UnitFile(List.of()));
  }

  /// Takes what is on disk, as systemd does when it reloads.
  void load(Optional<UnitFile> found) {
    if (!found.equals(file)) {
      file = found;
      behavior = Behavior.of(name, file.orElse(new UnitFile(List.of())));
      exclusive = Requirements.of(name, file.orElse(new UnitFile(List.of()))).exclusive();
    }
  }

  boolean exclusive() {
    return exclusive;
  }

  String load() {
    return file.isPresent() ? behavior.load() : "not-found";
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
        if (start) {
          begin();
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

  void begin() {
    machine.begins(name);
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
      end("failed", "failed", "exit-code");
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
      machine.log(name, name + ": Failed with result '" + result + "'.");
    }
    become(active, sub);
    if (job != null && job.kind.equals("start") && started) {
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

  /// Stops it, and kills what does not end at once. A start that has been asked for comes to
  /// nothing.
  void kill() {
    if (job != null && job.kind.equals("start")) {
      Job canceled = job;
      job = null;
      canceled.finish(JobResult.CANCELED);
    }
    if (!active.equals("inactive") && !active.equals("failed")) {
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
