package fleet.chaos;

import fleet.testing.machines.LocalCluster;
import java.io.IOException;
import java.time.Duration;

/// Brings faults about, and undoes them, on nodes of a local cluster.
final class Harm {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String DAEMON = "$(systemctl show -p MainPID --value fleet)";
  private static final String SOME_FILE = "$(ls -d /run/fleet/units/x-* | shuf -n 1)";

  private static final String SHADOWS = "/etc/systemd/system";

  /// When the shadow fell, in microseconds since the machine started, as systemd counts.
  private static final String SHADOWED = "/etc/shadowed-since";

  /// Takes away the machine's own file, and what runs from it and from nothing else any more: what
  /// fleet was starting when the file came is started from that, and is the machine's, too.
  private static final String UNSHADOW =
      """
      rm -f %1$s/x-calm@*
      systemctl daemon-reload
      systemctl list-units --plain --no-legend 'x-calm@*' | while read -r unit load active _; do
          began=$(systemctl show -P InactiveExitTimestampMonotonic "$unit")
          [ "$load $active" != "not-found active" ] || [ "$began" -lt "$(cat %2$s)" ] ||
              systemctl stop "$unit"
      done
      """
          .formatted(SHADOWS, SHADOWED);

  private final LocalCluster cluster;
  private final String store;

  /// @param storeHolder the node that holds the store; empty for the host's etcd
  Harm(LocalCluster cluster, String storeHolder) {
    this.cluster = cluster;
    this.store = storeHolder.isEmpty() ? "host" : storeHolder;
  }

  /// @throws AssertionError if that was not possible
  void inflict(Fault fault, String node, String peer) throws InterruptedException {
    switch (fault) {
      case POWER_OFF -> cluster.kill(node);
      case REBOOT -> cluster.stop(node);
      case LEAVE -> shell(node, "systemctl stop fleet");
      case FREEZE, FREEZE_BRIEFLY -> cluster.pause(node);
      case FREEZE_DAEMON, FREEZE_DAEMON_BRIEFLY -> shell(node, "kill -STOP " + DAEMON);
      case CUT, CUT_BRIEFLY -> cluster.cut(node);
      case MUTE -> cluster.mute(node, store);
      case DEAF -> cluster.mute(store, node);
      case CUT_FROM_MACHINE -> cluster.cut(node, peer);
      case KILL_DAEMON -> shell(node, signal("KILL"));
      case END_DAEMON -> shell(node, signal("TERM"));
      case RESTART_DAEMON -> shell(node, "timeout 20 systemctl restart fleet || true");
      case RESTART_BUS -> shell(node, "systemctl restart dbus");
      case RELOAD -> shell(node, "systemctl daemon-reload");
      case REEXECUTE -> shell(node, "systemctl daemon-reexec");
      case EDIT_FILE ->
          shell(node, "f=" + SOME_FILE + "; echo X-Edited=yes >>\"$f\" && systemctl daemon-reload");
      case DELETE_FILE -> shell(node, "f=" + SOME_FILE + "; rm \"$f\" && systemctl daemon-reload");
      case SHADOW ->
          shell(
              node,
              // That of a unit which is here, or else of one that might come.
              "awk '{ printf \"%.0f\", $1 * 1000000 }' /proc/uptime >"
                  + SHADOWED
                  + "; f=$(ls -d /run/fleet/units/x-calm@* | shuf -n 1);"
                  + " if [ -n \"$f\" ]; then cp \"$f\" "
                  + SHADOWS
                  + "/; else printf '[Service]\\nExecStart=/bin/sleep infinity\\n' >"
                  + SHADOWS
                  + "/x-calm@1.service; fi; systemctl daemon-reload");
      case FILL_RUN -> shell(node, LocalCluster.FILL_RUN);
      case BREAK -> shell(node, "touch " + Population.BROKEN);
      case KILL_STORE -> cluster.etcd("kill");
      case FREEZE_STORE -> cluster.etcd("pause");
      case FILL_STORE -> cluster.smallDisk(store).fill();
    }
  }

  /// Undoes it, and waits until that is so.
  ///
  /// @throws AssertionError if that was not possible: then the cluster is of no use any more
  void undo(Fault fault, String node, String peer) throws InterruptedException {
    switch (fault) {
      case POWER_OFF, REBOOT -> cluster.start(node);
      case LEAVE -> shell(node, "systemctl start fleet.socket fleet --no-block");
      case FREEZE, FREEZE_BRIEFLY -> cluster.resume(node);
      case FREEZE_DAEMON, FREEZE_DAEMON_BRIEFLY -> shell(node, "kill -CONT " + DAEMON);
      case CUT, CUT_BRIEFLY, MUTE, DEAF -> cluster.heal(node);
      case CUT_FROM_MACHINE -> cluster.heal(node, peer);
      case KILL_DAEMON,
          END_DAEMON,
          RESTART_DAEMON,
          RESTART_BUS,
          RELOAD,
          REEXECUTE,
          EDIT_FILE,
          DELETE_FILE -> {}
      case SHADOW -> shell(node, UNSHADOW);
      case FILL_RUN -> shell(node, "mount -o remount,size=20% /run");
      case BREAK -> shell(node, "rm -f " + Population.BROKEN);
      case KILL_STORE -> cluster.etcd("start");
      case FREEZE_STORE -> cluster.etcd("resume");
      case FILL_STORE -> empty();
    }
  }

  /// Ends the daemon, and waits until the next one is ready to be asked.
  private static String signal(String signal) {
    return "old="
        + DAEMON
        + "; kill -"
        + signal
        + " $old; for i in $(seq 400); do pid="
        + DAEMON
        + "; [ $pid = $old ] || [ $pid = 0 ] || ! systemctl is-active -q fleet || exit 0;"
        + " sleep 0.05; done";
  }

  private void empty() {
    try {
      cluster.smallDisk(store).empty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void shell(String node, String script) throws InterruptedException {
    cluster.exec(LIMIT, "", node, "sh", "-c", script).orFail();
  }
}
