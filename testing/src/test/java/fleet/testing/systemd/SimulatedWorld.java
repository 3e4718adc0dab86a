package fleet.testing.systemd;

import fleet.agent.systemd.Systemd;
import fleet.cluster.env.Environment;
import fleet.cluster.env.Environment.Body;
import fleet.testing.time.VirtualEnvironment;
import fleet.unit.Parsed;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// A simulated systemd in virtual time.
final class SimulatedWorld implements SystemdScene.World {

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final SimulatedSystemd systemd = new SimulatedSystemd(environment);

  @Override
  public Environment environment() {
    return environment;
  }

  @Override
  public Systemd systemd() {
    return systemd;
  }

  @Override
  public void write(String name, String text) {
    if (UnitName.parse(name) instanceof Parsed.Ok<UnitName>(UnitName.Placeable unit)) {
      systemd.write(unit, text);
    }
  }

  @Override
  public void put(String path, String text) {
    systemd.ownUnits().put(path, name(path), text);
  }

  @Override
  public void take(String path) {
    systemd.ownUnits().take(path, name(path));
  }

  @Override
  public void startByHand(UnitName.Placeable unit) {
    systemd.ownUnits().start(unit);
  }

  private static UnitName.Placeable name(String path) {
    return (UnitName.Placeable)
        UnitName.parse(path.substring(path.lastIndexOf('/') + 1)).orElseThrow();
  }

  @Override
  public void within(Body body) {
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
