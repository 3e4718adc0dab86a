package fleet.testing.systemd;

/// The double keeps the contract.
final class SimulatedUnitFilesTest extends UnitFilesContract {

  private final SimulatedWorld world = new SimulatedWorld();

  @Override
  protected World world() {
    return world;
  }
}
