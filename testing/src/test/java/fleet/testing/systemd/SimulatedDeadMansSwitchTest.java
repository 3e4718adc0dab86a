package fleet.testing.systemd;

/// The double keeps the contract.
final class SimulatedDeadMansSwitchTest extends DeadMansSwitchContract {

  private final SimulatedWorld world = new SimulatedWorld();

  @Override
  protected World world() {
    return world;
  }
}
