package fleet.dist;

import static fleet.testing.machines.LocalCluster.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.machines.LocalCluster.StoreKind;
import fleet.testing.machines.Shell.Output;
import fleet.testing.machines.SmallDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What befalls the disk of the machine that holds the store: units run on, exclusive ones, too, as
/// leases are renewed; whoever wants something new is told why not; and all is well by itself when
/// the disk is. `DiskContract` says the same of the store alone.
class DiskIT extends ClusterTest {

  /// Of the lease time: whoever stops for want of a renewal has done so by then.
  private static final Duration LEASES = Duration.ofSeconds(15);

  /// For hundreds of large units, more than a small disk can take: what was destroyed before may
  /// have left space for many.
  private static final Duration FILLING = Duration.ofMinutes(6);

  private static final String EXCLUSIVE = SLEEPER + "\n[X-Fleet]\nExclusive=true\n";
  private static final String BOUND = SLEEPER + "\n[X-Fleet]\nDisconnect=stop\n";

  /// What soon fills what space there is in the store's file.
  private static final String LARGE = SLEEPER + ("# " + "x".repeat(98) + "\n").repeat(1_000);

  private int asked;

  DiskIT() {
    super("small", 32, StoreKind.EMBEDDED, 3, "--store-disk", "12m");
  }

  @Test
  void aFullDiskStopsNothingAndTakesWhatDeletes() throws Exception {
    SmallDisk disk = cluster.smallDisk("n1");
    afterwards(
        () -> {
          if (disk.isFull()) {
            disk.empty();
          }
        });

    staysAsItIs(
        disk::fill,
        "No space left on device",
        () -> {
          fleetctl("destroy", "spare.service").orFail();
          await("it is gone", SOON, false, () -> isActive("spare.service"));
        },
        disk::empty);
  }

  /// As of a device that fails, and of a file system that the kernel makes read-only thereupon: by
  /// hand it cannot be while files are open for writing.
  @ParameterizedTest
  @CsvSource({"EIO, Input/output error", "EROFS, Read-only file system"})
  void aDiskThatCannotBeWrittenStopsNothing(String error, String reason) throws Exception {
    String calls = "pwrite64,ftruncate,fsync,fdatasync";
    Step heal = () -> cluster.exec("n1", "systemctl", "stop", "broken-disk");
    afterwards(heal);

    staysAsItIs(
        () ->
            cluster
                .exec(
                    "n1",
                    ("systemd-run --unit=broken-disk --collect strace -f -o /dev/null -e trace=%s"
                            + " -e inject=%s:error=%s -p %s")
                        .formatted(calls, calls, error, mainPid("n1"))
                        .split(" "))
                .orFail(),
        reason,
        () -> {},
        heal);
  }

  /// @param why a new unit is refused meanwhile
  /// @param possible what can be done all the same
  private void staysAsItIs(Step harm, String why, Step possible, Step heal) throws Exception {
    List<String> units = startSleepers("long", 6);
    start("only.service", EXCLUSIVE);
    start("bound.service", BOUND);
    start("spare.service", SLEEPER);
    var watched = new ArrayList<>(units);
    watched.addAll(List.of("only.service", "bound.service"));
    var before = invocations(watched, cluster.nodes());
    assertEquals(8, before.size(), () -> "running: " + before);
    String daemon = mainPid("n1");
    write("more@.service", LARGE);
    write("new.service", SLEEPER);
    long recoveries = countRecoveries();

    harm.run();
    await("a refusal with its reason", FILLING, true, () -> isRefused(why));
    Thread.sleep(LEASES);
    assertEquals(before, invocations(watched, cluster.nodes()));
    assertTrue(list("list-units", "--fields=unit").contains("only.service"), "it is read");
    possible.run();

    heal.run();
    await(
        "new units are taken",
        PATIENCE,
        0,
        () -> fleetctl("start", "--request-timeout=5", "/tmp/new.service").status());
    await("it runs", SOON, true, () -> isActive("new.service"));
    assertEquals(before, invocations(watched, cluster.nodes()));
    assertEquals(daemon, mainPid("n1"), "the daemon went on");
    assertEquals(recoveries + 1, countRecoveries(), "it is told once");
  }

  /// Asks for one more thing; in the store's file there may be space for a while.
  private boolean isRefused(String why) throws InterruptedException {
    String unit = "/tmp/more@" + ++asked + ".service";
    Output answer = fleetctl("submit", "--request-timeout=5", unit);
    return answer.status() != 0 && (answer.out() + answer.err()).contains(why);
  }

  private boolean isActive(String unit) throws InterruptedException {
    return !invocations(List.of(unit), cluster.nodes()).isEmpty();
  }

  private long countRecoveries() throws InterruptedException {
    return log("n1").lines().filter(line -> line.contains("the store takes everything")).count();
  }
}
