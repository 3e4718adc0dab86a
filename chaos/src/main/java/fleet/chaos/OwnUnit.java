package fleet.chaos;

import fleet.testing.machines.LocalCluster;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A unit that a machine has of its own, under a name that users give to one of fleet's, too. It
/// runs from the first boot on, and nobody may touch it.
///
/// @param folder where the machine has it: systemd looks into each of them
record OwnUnit(String node, String unit, String folder) {

  static final List<OwnUnit> ALL =
      List.of(
          new OwnUnit("n2", "x-own.service", "/etc/systemd/system"),
          new OwnUnit("n3", "x-vendor.service", "/usr/local/lib/systemd/system"));

  /// By name, the node that has it.
  static SortedMap<String, String> homes() {
    var homes = new TreeMap<String, String>();
    ALL.forEach(own -> homes.put(own.unit(), own.node()));
    return homes;
  }

  /// Gives the machines their own units, and starts them.
  static void install(LocalCluster cluster) throws InterruptedException {
    for (OwnUnit own : ALL) {
      cluster
          .exec(
              own.node(),
              "sh",
              "-c",
              """
              set -e
              mkdir -p %1$s /etc/systemd/system/multi-user.target.wants
              printf '[Unit]\nDescription=the machine has it\n[Service]\nExecStart=/bin/sleep infinity\n' >%1$s/%2$s
              ln -sf %1$s/%2$s /etc/systemd/system/multi-user.target.wants/
              systemctl daemon-reload
              systemctl start %2$s
              """
                  .formatted(own.folder(), own.unit()))
          .orFail();
    }
  }
}
