package fleet.agent.systemd;

import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Body;
import fleet.cluster.env.VirtualEnvironment;
import fleet.unit.Parsed;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// The double keeps the contract, in virtual time.
final class SimulatedSystemdTest extends SystemdContract {

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final SimulatedSystemd systemd = new SimulatedSystemd(environment);

  @Override
  protected Environment environment() {
    return environment;
  }

  @Override
  protected Systemd systemd() {
    return systemd;
  }

  @Override
  protected void write(String name, String text) {
    if (UnitName.parse(name) instanceof Parsed.Ok<UnitName>(UnitName.Placeable unit)) {
      systemd.write(unit, text);
    }
  }

  @Override
  protected void within(Body body) {
    var ended = new AtomicBoolean();
    environment.fork(
        "test",
        () -> {
          body.run();
          ended.set(true);
        });
    environment.run(Duration.ofMinutes(2));
    if (!ended.get()) {
      throw new AssertionError("the test has not come to its end");
    }
  }
}
