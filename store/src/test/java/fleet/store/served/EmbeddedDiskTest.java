package fleet.store.served;

import org.junit.jupiter.api.Tag;

/// The contract of disks, for the embedded store.
@Tag("slow")
final class EmbeddedDiskTest extends DiskContract {

  @Override
  String server() {
    return ServingProcess.class.getName();
  }
}
