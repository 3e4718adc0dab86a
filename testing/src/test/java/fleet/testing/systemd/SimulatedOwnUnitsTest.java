package fleet.testing.systemd;

/// The simulated systemd keeps the contract.
final class SimulatedOwnUnitsTest extends OwnUnitsContract {

  private final SimulatedWorld world = new SimulatedWorld();

  @Override
  protected World world() {
    return world;
  }
}
