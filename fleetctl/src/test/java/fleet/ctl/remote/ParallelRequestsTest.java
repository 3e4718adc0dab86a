package fleet.ctl.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.api.client.Endpoint;
import fleet.api.client.TlsFiles;
import fleet.api.client.Unreachable;
import fleet.cluster.env.SystemEnvironment;
import fleet.ctl.console.Console;
import fleet.ctl.console.Log;
import fleet.ctl.ssh.Remote;
import fleet.ctl.ssh.SshSettings;
import fleet.ctl.ssh.ThisMachine;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class ParallelRequestsTest {

  private final SystemEnvironment time = new SystemEnvironment();
  private final Cluster cluster = cluster();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 11, 12, 13, 500})
  void whatComesOfEachIsHandedOverInOrder(int count) throws Exception {
    List<Integer> items = IntStream.range(0, count).boxed().toList();

    List<Integer> results =
        drain(new ParallelRequests<>(cluster, time, items, (item, _) -> item * 2));

    assertEquals(items.stream().map(item -> item * 2).toList(), results);
  }

  @Test
  void manyAreUnderWayAtOnce() throws Exception {
    List<Integer> items = IntStream.range(0, 12).boxed().toList();
    var meeting = new CyclicBarrier(3);

    List<Integer> results =
        drain(
            new ParallelRequests<>(
                cluster,
                time,
                items,
                (item, _) -> {
                  meet(meeting);
                  return item;
                }));

    assertEquals(items, results);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1000})
  void onceItIsVainToGoOnNothingMoreIsBegunAndWhatWasDoneIsHandedOver(int count) {
    List<Integer> items = IntStream.range(0, count).boxed().toList();
    var done = new AtomicInteger();
    var results = new ArrayList<Integer>();

    assertThrows(
        Unreachable.class,
        () -> {
          try (var requests =
              new ParallelRequests<Integer, Integer>(
                  cluster,
                  time,
                  items,
                  (item, _) -> {
                    if (item == 5) {
                      throw new Unreachable(new Endpoint.Tcp("x", 80, "", false), "it hangs");
                    }
                    done.incrementAndGet();
                    return item;
                  })) {
            for (Optional<Integer> next = requests.next();
                next.isPresent();
                next = requests.next()) {
              results.add(next.get());
            }
          }
        });
    assertEquals(done.get(), results.size());
    assertEquals(List.of(0, 1, 2, 3, 4), results.subList(0, 5));
    assertTrue(results.size() < count - 1, "all but one were done");
  }

  @Test
  void workThatBreaksOffIsNoticed() {
    List<Integer> items = IntStream.range(0, 100).boxed().toList();

    var requests =
        new ParallelRequests<Integer, Integer>(
            cluster,
            time,
            items,
            (item, _) -> {
              throw new AssertionError("broken " + item);
            });

    assertThrows(IllegalStateException.class, requests::next);
  }

  private static void meet(CyclicBarrier meeting) {
    try {
      meeting.await(120, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<Integer> drain(ParallelRequests<Integer, Integer> requests)
      throws InterruptedException {
    var results = new ArrayList<Integer>();
    try (requests) {
      for (Optional<Integer> next = requests.next(); next.isPresent(); next = requests.next()) {
        results.add(next.get());
      }
    }
    return results;
  }

  private Cluster cluster() {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    var console =
        new Console(InputStream.nullInputStream(), nowhere, nowhere, Map.of(), Path.of(""));
    var access = new Access("API", "http://127.0.0.1:1", TlsFiles.NONE, Duration.ofSeconds(5));
    var direct = new SshSettings("", Duration.ZERO, true, "", "");
    var remote = new Remote(direct, new ThisMachine(), console);
    return new Cluster(access, remote, new Log(console, time, false), time, console);
  }
}
