package fleet.ctl.ssh;

import fleet.api.client.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Command lines of OpenSSH's client: ssh(1), ssh_config(5).
///
/// They say what the user said to fleetctl, and leave the rest to how the user has configured ssh.
/// Host keys are kept apart from those of ssh, as fleet 1.0 kept them: in lines that it can read.
///
/// @param settings what the user said
/// @param knownHosts the file of host keys; unused if host keys are not looked at
record OpenSsh(SshSettings settings, Path knownHosts) {

  /// What a tunnel prints once it is open.
  static final String READY = "ready";

  /// The machine that a tunnel leads to, and the folder of ours with the ends of the tunnel.
  record Gate(SshTarget target, Path folder) {

    /// The socket through which further connections share that of the tunnel.
    Path control() {
      return folder.resolve("control");
    }

    /// The socket that leads to the API.
    Path api() {
      return folder.resolve("api");
    }
  }

  /// How somebody enters a machine.
  ///
  /// @param agent whether the user's keys can be used from there
  /// @param terminal whether to ask for a terminal there though a command is given
  record Entry(boolean agent, boolean terminal) {}

  /// Runs `command` on `machine`.
  ///
  /// @param gate the tunnel that leads to it, if it takes one
  /// @param command for the shell there; empty for a shell that the user types into
  List<String> session(SshTarget machine, Entry entry, Optional<Gate> gate, String command) {
    List<String> words = begun();
    if (entry.agent()) {
      words.add("-A");
    }
    if (entry.terminal()) {
      words.add("-t");
    }
    gate.ifPresent(through -> option(words, "ProxyCommand=" + proxy(through, machine)));
    destination(words, machine);
    if (!command.isEmpty()) {
      words.add(command);
    }
    return words;
  }

  /// Opens a tunnel to `endpoint`, and prints [#READY] once it is open. It stays open until it is
  /// ended, and ends if it cannot be opened.
  List<String> tunnel(Gate gate, Endpoint endpoint) {
    List<String> words = begun();
    words.addAll(List.of("-N", "-T"));
    option(words, "ControlMaster=yes");
    option(words, "ControlPath=" + literal(gate.control()));
    option(words, "ControlPersist=no");
    option(words, "ExitOnForwardFailure=yes");
    option(words, "PermitLocalCommand=yes");
    option(words, "LocalCommand=echo " + READY);
    words.addAll(List.of("-L", field(gate.api()) + ":" + far(endpoint)));
    destination(words, gate.target());
    return words;
  }

  /// The far end as ssh(1), `-L`, wants it.
  private static String far(Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Unix(var path) -> field(path);
      case Endpoint.Tcp tcp -> "[" + tcp.host() + "]:" + tcp.port();
      case Endpoint.Forwarded forwarded -> far(forwarded.target());
    };
  }

  /// Reaches a machine over the connection that the tunnel has. Its name is quoted here rather than
  /// left to ssh's `%h`, which trusts it: it comes from the cluster.
  private String proxy(Gate gate, SshTarget machine) {
    List<String> words = begun();
    words.addAll(List.of("-S", gate.control().toString(), "-W"));
    String line = ShellWords.line(words).replace("%", "%%");
    String host = ShellWords.word("[" + machine.host() + "]").replace("%", "%%");
    var end = new ArrayList<String>();
    destination(end, gate.target());
    return line + " " + host + ":%p " + ShellWords.line(end).replace("%", "%%");
  }

  private List<String> begun() {
    var words = new ArrayList<>(List.of("ssh"));
    if (!settings.timeout().isZero()) {
      option(words, "ConnectTimeout=" + seconds(settings.timeout()));
    }
    if (settings.strict()) {
      option(words, "StrictHostKeyChecking=ask");
      option(words, "UserKnownHostsFile=" + quoted(literal(knownHosts)));
      option(words, "HashKnownHosts=no");
    } else {
      option(words, "StrictHostKeyChecking=no");
      option(words, "UserKnownHostsFile=/dev/null");
      option(words, "GlobalKnownHostsFile=/dev/null");
      option(words, "LogLevel=ERROR"); // else it tells at each start that it has remembered the key
    }
    if (!settings.username().isEmpty()) {
      words.addAll(List.of("-l", settings.username()));
    }
    return words;
  }

  /// Whole seconds, as ssh knows no others.
  private static long seconds(Duration duration) {
    return duration.plusSeconds(1).minusNanos(1).toSeconds();
  }

  private static void destination(List<String> words, SshTarget target) {
    if (target.port() != 0) {
      words.addAll(List.of("-p", Integer.toString(target.port())));
    }
    words.addAll(List.of("--", target.host()));
  }

  private static void option(List<String> words, String option) {
    words.addAll(List.of("-o", option));
  }

  private static String field(Path path) {
    return literal(path).replace("\\", "\\\\").replace(":", "\\:");
  }

  /// One word of an option that takes several.
  private static String quoted(String text) {
    if (ShellWords.isPlain(text)) {
      return text;
    }
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /// A path of which ssh takes no part for a token of its own (ssh_config(5), *TOKENS*).
  private static String literal(Path path) {
    return path.toString().replace("%", "%%");
  }
}
