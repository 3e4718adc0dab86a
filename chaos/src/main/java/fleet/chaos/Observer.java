package fleet.chaos;

import fleet.chaos.JournalEntry.What;
import fleet.chaos.Wish.Target;
import fleet.testing.machines.LocalCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Looks at a cluster of which all nodes are up.
final class Observer {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String UNITS = "/run/fleet/units";

  private final LocalCluster cluster;

  Observer(LocalCluster cluster) {
    this.cluster = cluster;
  }

  /// @throws AssertionError if the cluster does not answer
  Survey survey() throws InterruptedException {
    var nodes = new TreeMap<String, String>();
    for (String node : cluster.nodes()) {
      nodes.put(cluster.machineId(node), node);
    }
    var active = new TreeMap<String, SortedMap<String, String>>();
    var files = new TreeMap<String, SortedMap<String, String>>();
    for (String node : cluster.nodes()) {
      active.put(node, active(node));
      files.put(node, files(node));
    }
    var own = new TreeMap<String, String>();
    for (OwnUnit unit : OwnUnit.ALL) {
      String state = active.getOrDefault(unit.node(), new TreeMap<>()).remove(unit.unit());
      own.put(unit.unit(), state == null ? "unknown" : state);
    }
    return new Survey(listed(), told(nodes), active, files, own, roles(nodes));
  }

  private List<String[]> rows(String... command) throws InterruptedException {
    var words = new ArrayList<>(List.of(command));
    words.addAll(List.of("--no-legend", "--full"));
    String shown = cluster.fleetctl("n1", words.toArray(String[]::new)).orFail();
    return shown
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.strip().split("\t+"))
        .toList();
  }

  private SortedMap<String, Wish> listed() throws InterruptedException {
    var listed = new TreeMap<String, Wish>();
    for (String[] row : rows("list-unit-files", "--fields=unit,hash,dstate")) {
      listed.put(row[0], new Wish(Target.of(row[2]), row[1]));
    }
    return listed;
  }

  private SortedMap<String, SortedMap<String, String>> told(SortedMap<String, String> nodes)
      throws InterruptedException {
    var told = new TreeMap<String, SortedMap<String, String>>();
    for (String[] row : rows("list-units", "--fields=unit,machine,active")) {
      String machine = row[1].replaceFirst("/.*", "");
      told.computeIfAbsent(row[0], _ -> new TreeMap<>())
          .put(nodes.getOrDefault(machine, machine), row[2]);
    }
    return told;
  }

  private SortedMap<String, String> roles(SortedMap<String, String> nodes)
      throws InterruptedException {
    var roles = new TreeMap<String, String>();
    for (String[] row : rows("list-machines", "--fields=machine,metadata")) {
      if (row[1].contains("role=")) {
        roles.put(nodes.getOrDefault(row[0], row[0]), row[1].replaceFirst(".*role=(\\w*).*", "$1"));
      }
    }
    if (rows("list-machines").size() != nodes.size()) {
      throw new AssertionError("not all machines are there");
    }
    return roles;
  }

  private SortedMap<String, String> active(String node) throws InterruptedException {
    var active = new TreeMap<String, String>();
    cluster
        .exec(LIMIT, "", node, "systemctl", "list-units", "--all", "--plain", "--no-legend", "x-*")
        .orFail()
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length > 2)
        .forEach(words -> active.put(words[0], words[2]));
    return active;
  }

  private SortedMap<String, String> files(String node) throws InterruptedException {
    var files = new TreeMap<String, String>();
    cluster
        .exec(LIMIT, "", node, "sh", "-c", "cd " + UNITS + " && sha1sum x-* 2>/dev/null; true")
        .orFail()
        .lines()
        .map(line -> line.split("\\s+"))
        .forEach(words -> files.put(words[1], words[0]));
    return files;
  }

  /// All that ran.
  List<Run> runs(List<Trouble> troubles) throws InterruptedException {
    List<Run> runs = new ArrayList<>();
    for (String node : cluster.nodes()) {
      List<String> words =
          new ArrayList<>(
              List.of(
                  "-o",
                  "json",
                  "--output-fields=MESSAGE_ID,UNIT,INVOCATION_ID,_SOURCE_REALTIME_TIMESTAMP"));
      for (What what : What.values()) {
        words.add(what.match());
      }
      List<JournalEntry> journal =
          cluster
              .logs(node, words)
              .lines()
              .map(JournalEntry::parse)
              .flatMap(Optional::stream)
              .filter(entry -> entry.unit().startsWith("x-"))
              .toList();
      runs.addAll(JournalRuns.of(node, journal, troubles));
    }
    return runs;
  }
}
