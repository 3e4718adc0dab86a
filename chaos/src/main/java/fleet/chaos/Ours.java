package fleet.chaos;

import fleet.testing.machines.LocalCluster;
import fleet.testing.machines.LocalCluster.StoreKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/// A cluster that this process has made, and proves so before it does harm.
///
/// Every node bears a mark that only this process knows. It is looked for before each fault, so
/// that a cluster which somebody else has put in place of ours is left alone.
final class Ours implements AutoCloseable {

  private static final String MARK = "etc/fleet-chaos";

  private final LocalCluster cluster;
  private final StoreKind store;
  private final String mark = UUID.randomUUID().toString();

  private Ours(LocalCluster cluster, StoreKind store) {
    this.cluster = cluster;
    this.store = store;
  }

  /// Something is not ours; it is left as it is. The message says what.
  static final class Refused extends Exception {

    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /// @throws Refused if there is a cluster of that name
  static Ours create(String name, String net, int size, StoreKind store)
      throws Refused, InterruptedException {
    LocalCluster cluster;
    try {
      cluster = LocalCluster.create(name, net, size, store, disk(store));
    } catch (IllegalStateException e) {
      throw new Refused(e.getMessage() + "; chaos is only for what it has made itself");
    }
    var ours = new Ours(cluster, store);
    for (String node : cluster.nodes()) {
      cluster.put(node, "/" + MARK, ours.mark);
    }
    return ours;
  }

  LocalCluster cluster() {
    return cluster;
  }

  /// An embedded store lies on a disk that can be filled.
  private static List<String> disk(StoreKind store) {
    return store == StoreKind.EMBEDDED ? List.of("--store-disk", "64m") : List.of();
  }

  /// The node that holds the store; empty if an etcd outside of them does.
  String storeHolder() {
    return store == StoreKind.EMBEDDED ? "n1" : "";
  }

  /// @throws Refused if a node is not the one that was made here
  void check(String node) throws Refused {
    Path file = cluster.root(node).resolve(MARK);
    String found;
    try {
      found = Files.readString(file);
    } catch (IOException e) {
      found = "";
    }
    if (!found.equals(mark)) {
      throw new Refused(
          "the node " + node + " was not made by this run, as " + file + " tells: left alone");
    }
  }

  /// Removes the cluster, if it is still ours.
  @Override
  public void close() throws Refused {
    for (String node : cluster.nodes()) {
      check(node);
    }
    cluster.close();
  }
}
