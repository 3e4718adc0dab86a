package fleet.testing.systemd;

/// The double keeps the contract.
final class SimulatedUnitJobsTest extends UnitJobsContract {

  private final SimulatedWorld world = new SimulatedWorld();

  @Override
  protected World world() {
    return world;
  }
}
