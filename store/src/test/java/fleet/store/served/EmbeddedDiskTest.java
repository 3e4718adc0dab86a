package fleet.store.served;

/// The contract of disks, for the embedded store.
final class EmbeddedDiskTest extends DiskContract {

  @Override
  String server() {
    return ServingProcess.class.getName();
  }
}
