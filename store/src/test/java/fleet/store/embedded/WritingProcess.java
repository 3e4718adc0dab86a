package fleet.store.embedded;

import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Commit;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/// A process that writes as fast as it can and prints what was acknowledged, until it is killed or
/// the store fails.
///
/// Each of its writers counts up in two keys at once, and leaves each number behind in a key of its
/// own, of which the last [#LEFT_BEHIND] stay.
final class WritingProcess {

  static final int WRITERS = 4;
  static final int LEFT_BEHIND = 20;

  /// So little is kept that space in the file is used again all the time.
  static final Ledger.Limits LIMITS = new Ledger.Limits(50, 1 << 16, 1 << 30);

  private WritingProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    PrintStream out = System.out;
    var store = EmbeddedStore.open(Path.of(arguments[0]), new SystemEnvironment(), LIMITS);
    out.println("open");
    Thread[] threads = new Thread[WRITERS];
    for (int writer = 0; writer < WRITERS; writer++) {
      String name = "w" + writer;
      threads[writer] = new Thread(() -> write(store, name, out));
      threads[writer].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    out.println("read at " + store.range("").revision());
    store.close();
  }

  private static void write(Store store, String name, PrintStream out) {
    try {
      long number =
          store.read("one/" + name).map(entry -> Long.parseLong(entry.value())).orElse(0L);
      while (true) {
        number++;
        String text = Long.toString(number);
        Commit commit =
            store.commit(
                List.of(),
                List.of(
                    new Op.Put("one/" + name, text, 0),
                    new Op.Put("left/" + name + "/" + number, "x".repeat(500), 0),
                    new Op.Delete("left/" + name + "/" + (number - LEFT_BEHIND)),
                    new Op.Put("two/" + name, text, 0)));
        switch (commit) {
          case Commit.Applied(var revision) ->
              out.println("acknowledged " + name + " " + number + " " + revision);
          case Commit.Refused _, Commit.Unknown _ -> {
            out.println(commit);
            return;
          }
        }
      }
    } catch (StoreException.Unwritable refused) {
      out.println("unwritable " + refused.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
