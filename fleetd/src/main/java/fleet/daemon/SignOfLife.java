package fleet.daemon;

import fleet.cluster.Machine;
import fleet.cluster.registry.Registry;
import fleet.cluster.registry.Registry.Announced;
import fleet.cluster.store.Store;
import fleet.cluster.store.StoreException;
import fleet.unit.Parsed;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/// Keeps the lease of an earlier daemon alive, once: one that was killed a moment ago, and whose
/// units move unless somebody is heard of before its lease ends.
///
/// The heartbeat does the same and more, but only when systemd has been reached and all else is
/// made, which takes long where the processors are busy.
final class SignOfLife {

  private static final Logger LOG = System.getLogger(SignOfLife.class.getName());

  private SignOfLife() {}

  /// What was announced in another boot, or is kept by no lease, is left alone.
  static void give(Store store, Registry registry, Machine self) throws InterruptedException {
    try {
      Optional<Announced> earlier = registry.announced(self.id());
      if (earlier.isPresent()
          && isOfThisBoot(earlier.get(), self)
          && store.keepAlive(earlier.get().lease())) {
        LOG.log(Level.DEBUG, "kept the lease of an earlier run alive");
      }
    } catch (StoreException away) {
      LOG.log(Level.DEBUG, "no sign of life: {0}", away.getMessage()); // the heartbeat tries again
    }
  }

  private static boolean isOfThisBoot(Announced earlier, Machine self) {
    return earlier.lease() != 0
        && earlier.machine() instanceof Parsed.Ok<Machine>(var machine)
        && !self.bootId().isEmpty()
        && machine.bootId().equals(self.bootId());
  }
}
