package fleet.agent.dbus;

import fleet.agent.systemd.LocalUnit.Run;
import fleet.unit.UnitName;
import fleet.unit.UnitType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Knows what to ask systemd of the present or last run of a unit, and puts into words how its main
/// process ended. Only services have one, and are restarted.
///
/// Of which invocation a unit is in, systemd's signals tell, and before those of the end of the job
/// that has begun it. So that is asked for only where no signal has come yet.
final class Runs {

  /// One property of a unit.
  ///
  /// @param type the part of the D-Bus interface that has it, such as `Service`
  record Property(UnitName.Placeable unit, String type, String name) {
    Request request(String path) {
      return Request.property(path, type, name);
    }
  }

  /// More invocations than are kept of units that may have gone.
  private static final int MANY = 10_000;

  /// CLD_EXITED of sigaction(2).
  private static final long EXITED = 1;

  /// systemd.exec(5), *Process exit codes*: those by which systemd says that it could not even
  /// execute the program.
  private static final SortedMap<Long, String> CODES =
      codes(
          "200 CHDIR 201 NICE 202 FDS 203 EXEC 204 MEMORY 205 LIMITS 206 OOM_ADJUST 207 "
              + "SIGNAL_MASK 208 STDIN 209 STDOUT 210 CHROOT 211 IOPRIO 214 SETSCHEDULER 215 "
              + "CPUAFFINITY 216 GROUP 217 USER 218 CAPABILITIES 219 CGROUP 220 SETSID 222 STDERR "
              + "224 PAM 225 NETWORK 226 NAMESPACE 227 NO_NEW_PRIVILEGES 228 SECCOMP 233 "
              + "RUNTIME_DIRECTORY 238 STATE_DIRECTORY 239 CACHE_DIRECTORY 240 LOGS_DIRECTORY 241 "
              + "CONFIGURATION_DIRECTORY 242 NUMA_POLICY 243 CREDENTIALS");

  /// signal(7): those of all architectures that we run on.
  private static final List<String> SIGNALS =
      List.of(
          "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
          "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
          "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private static SortedMap<Long, String> codes(String pairs) {
    var codes = new TreeMap<Long, String>();
    List<String> words = List.of(pairs.split(" "));
    for (int i = 0; i < words.size(); i += 2) {
      codes.put(Long.valueOf(words.get(i)), words.get(i + 1));
    }
    return Collections.unmodifiableSortedMap(codes);
  }

  /// What signals have said last of which invocations units are in, by the units' paths.
  private final Map<String, String> invocations = new ConcurrentHashMap<>();

  /// A signal says that the unit is in this invocation. Any thread may say so at any time.
  void invocation(String path, Object id) {
    invocations.put(path, hex(id));
  }

  /// Signals may have been missed.
  void forget() {
    invocations.clear();
  }

  /// What is forgotten is asked for when it is needed.
  void forgetMany() {
    if (invocations.size() > MANY) {
      invocations.clear();
    }
  }

  /// Which of a unit's properties to ask for, by their interfaces.
  List<Property> questions(UnitName.Placeable unit, UnitRow row) {
    var questions = new ArrayList<Property>();
    if (!invocations.containsKey(row.path())) {
      questions.add(new Property(unit, "Unit", "InvocationID"));
    }
    if (unit.type() == UnitType.SERVICE) {
      questions.add(new Property(unit, "Service", "NRestarts"));
    }
    return questions;
  }

  /// What to ask of those that have not ended well, beside that.
  static List<Property> questionsOfExit(UnitName.Placeable unit, UnitRow row, String result) {
    boolean exited = !result.equals("success") || row.sub().startsWith("auto-restart");
    return exited && unit.type() == UnitType.SERVICE
        ? List.of(
            new Property(unit, "Service", "ExecMainCode"),
            new Property(unit, "Service", "ExecMainStatus"))
        : List.of();
  }

  /// @param answers to the questions
  /// @param before what was known of the unit: while its main process runs again, systemd does not
  ///     say how the one before it ended
  Run run(UnitName.Placeable unit, UnitRow row, Map<Property, Object> answers, Run before) {
    Object asked = answers.get(new Property(unit, "Unit", "InvocationID"));
    String id = invocations.getOrDefault(row.path(), asked == null ? "" : hex(asked));
    long restarts = number(answers.get(new Property(unit, "Service", "NRestarts")));
    String exit =
        exit(
            number(answers.get(new Property(unit, "Service", "ExecMainCode"))),
            number(answers.get(new Property(unit, "Service", "ExecMainStatus"))));
    return new Run(id, restarts, exit.isEmpty() && restarts > 0 ? before.exit() : exit);
  }

  /// In words how a process has ended; empty if it has not, or has ended well.
  ///
  /// @param code CLD_EXITED, or another of sigaction(2)
  /// @param status its exit code, or the signal that ended it
  static String exit(long code, long status) {
    if (code == 0 || (code == EXITED && status == 0)) {
      return "";
    }
    if (code == EXITED) {
      String name = CODES.get(status);
      return "exit code " + status + (name == null ? "" : " (" + name + ")");
    }
    return "killed by "
        + (status > 0 && status < SIGNALS.size()
            ? "SIG" + SIGNALS.get((int) status)
            : "signal " + status);
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }

  private static String hex(Object value) {
    return switch (value) {
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case List<?> list -> {
        var text = new StringBuilder();
        list.forEach(each -> text.append(HexFormat.of().toHexDigits(((Number) each).byteValue())));
        yield text.toString();
      }
      default -> "";
    };
  }
}
