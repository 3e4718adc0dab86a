package fleet.testing.systemd;

import fleet.agent.systemd.JobResult;
import fleet.agent.systemd.SystemdException;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Signal;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The jobs that a [SimulatedSystemd] is asked for: each is verified before anything is done, and
/// what the unit requires is started before it.
final class SimulatedJobs {

  private static final String ERROR = "org.freedesktop.systemd1.";

  /// A job that was asked for.
  ///
  /// @param done raised at its end
  private record Asked(SimulatedUnit.Job job, Signal done) {}

  private final Environment environment;
  private final SimulatedSystemd machine;

  SimulatedJobs(Environment environment, SimulatedSystemd machine) {
    this.environment = environment;
    this.machine = machine;
  }

  JobResult start(UnitName.Placeable name, Duration limit) throws InterruptedException {
    return up("start", name, limit);
  }

  JobResult restart(UnitName.Placeable name, String invocation, Duration limit)
      throws InterruptedException {
    boolean there =
        machine.whenHeld(
            () -> {
              machine.readAll();
              return invocation.isEmpty()
                  || machine.unit(name).run().invocation().equals(invocation);
            });
    if (!there) {
      throw new SystemdException.Unavailable(
          "restart of " + name + ": it is in another invocation");
    }
    return up("restart", name, limit);
  }

  JobResult stop(UnitName.Placeable name, String invocation, Duration limit)
      throws InterruptedException {
    Optional<Asked> job =
        held(
            () -> {
              SimulatedUnit unit = machine.unit(name);
              return invocation.isEmpty() || unit.run().invocation().equals(invocation)
                  ? Optional.of(enqueue("stop", unit))
                  : Optional.empty();
            });
    return job.isEmpty() ? JobResult.UNFINISHED : await(job.get(), limit);
  }

  private <T> T held(Supplier<T> what) {
    return machine.whenHeld(
        () -> {
          T answer = what.get();
          machine.looksDifferent();
          return answer;
        });
  }

  private JobResult up(String kind, UnitName.Placeable name, Duration limit)
      throws InterruptedException {
    List<Asked> before =
        held(
            () -> {
              SimulatedUnit unit = machine.unit(name);
              verify(name, unit);
              var required = new ArrayList<Asked>();
              for (UnitName.Placeable each : unit.behavior().requires()) {
                verify(each, machine.unit(each));
                required.add(enqueue("start", machine.unit(each)));
              }
              return required;
            });
    for (Asked each : before) {
      if (await(each, limit) != JobResult.DONE) {
        return JobResult.DEPENDENCY;
      }
    }
    Optional<Asked> job =
        held(
            () -> {
              SimulatedUnit unit = machine.unit(name);
              boolean forbidden = unit.exclusive() && !machine.allowsStartOf(name);
              return forbidden && (unit.rests() || kind.equals("restart"))
                  ? Optional.empty()
                  : Optional.of(enqueue(kind, unit));
            });
    return job.isEmpty() ? JobResult.DEPENDENCY : await(job.get(), limit);
  }

  private static void verify(UnitName.Placeable name, SimulatedUnit unit) {
    switch (unit.load()) {
      case "loaded" -> {}
      case "not-found" ->
          throw new SystemdException.Refused("Unit " + name + " not found.", ERROR + "NoSuchUnit");
      case "masked" ->
          throw new SystemdException.Refused("Unit " + name + " is masked.", ERROR + "UnitMasked");
      default ->
          throw new SystemdException.Refused(
              "Unit " + name + " has a bad unit file setting.", ERROR + "BadUnitSetting");
    }
  }

  private Asked enqueue(String kind, SimulatedUnit unit) {
    Signal done = environment.signal(kind);
    return new Asked(unit.enqueue(kind, done), done);
  }

  private JobResult await(Asked asked, Duration limit) throws InterruptedException {
    Duration end = environment.uptime().plus(limit);
    while (true) {
      @Nullable JobResult result = machine.whenHeld(() -> asked.job().result);
      if (result != null) {
        return result;
      }
      Duration left = end.minus(environment.uptime());
      if (!left.isPositive()) {
        return JobResult.UNFINISHED;
      }
      asked.done().await(left);
    }
  }
}
