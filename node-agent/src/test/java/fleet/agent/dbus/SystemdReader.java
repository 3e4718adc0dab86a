package fleet.agent.dbus;

import fleet.unit.AsRead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.freedesktop.dbus.types.Variant;

/// Has the systemd of a node read unit files, and says what it has read.
final class SystemdReader implements AutoCloseable {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String DIRECTORY = "/run/systemd/system/";

  /// Beginning of the names of files. They have a drop-in, so that none lacks an `ExecStart=`.
  private static final String ODD = "odd-";

  private static final Pattern IGNORED =
      Pattern.compile("[^:]*/(" + ODD + "[0-9]+.service):([0-9]+): (Missing|Assignment outside)");

  /// What changes with time and not with the file.
  private static final Pattern VOLATILE =
      Pattern.compile(
          ".*(Timestamp|Monotonic|USec|Current|Usage|Available|Bytes|Packets)" + ".*|Job|.*PID");

  private final Node node;
  private final Link link;
  private int made;

  SystemdReader(Node node) throws IOException, InterruptedException {
    this.node = node;
    link = LinkFactory.bus(node.options().busAddress(), LONG);
    node.write(DIRECTORY + ODD + ".service.d/run.conf", "[Service]\nExecStart=/bin/true\n");
  }

  @Override
  public void close() {
    link.close();
  }

  /// What systemd reads in each of these files of services; nothing in one that it does not load.
  List<Optional<AsRead>> read(List<byte[]> files) throws IOException, InterruptedException {
    List<String> names = write(files);
    try {
      return atOnce(names.stream().<Callable<Optional<AsRead>>>map(n -> () -> read(n)).toList());
    } finally {
      delete(names);
    }
  }

  private List<String> write(List<byte[]> files) throws IOException {
    var names = new ArrayList<String>();
    for (byte[] file : files) {
      String name = ODD + made++ + ".service";
      Files.write(path(name), file);
      names.add(name);
    }
    return names;
  }

  private Path path(String name) {
    return node.root().resolve(DIRECTORY.substring(1) + name);
  }

  private void delete(List<String> names) throws IOException {
    for (String name : names) {
      Files.delete(path(name));
    }
  }

  private static <T> List<T> atOnce(List<Callable<T>> calls) throws InterruptedException {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<T>();
      for (var call : executor.invokeAll(calls)) {
        results.add(call.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @SuppressWarnings("unchecked")
  private Optional<AsRead> read(String unit) throws InterruptedException {
    String path = load(unit);
    if (!property(path, "Unit", "LoadState").equals("loaded")) {
      return Optional.empty();
    }
    return Optional.of(
        AsRead.told(
            (List<Object[]>) property(path, "Unit", "Conditions"),
            (List<String>) property(path, "Service", "Environment")));
  }

  private String load(String unit) throws InterruptedException {
    return call(Request.manager("LoadUnit", "s", unit)).toString();
  }

  private Object property(String path, String type, String name) throws InterruptedException {
    return ((Variant<?>) call(Request.property(path, type, name))).getValue();
  }

  private Object call(Request request) throws InterruptedException {
    return link.call(request, LONG).orThrow().getFirst();
  }

  /// All that systemd says of a unit in an interface such as `Unit` or `Service`.
  @SuppressWarnings("unchecked")
  private Map<String, Variant<?>> properties(String unit, String type) throws InterruptedException {
    var all =
        new Request(
            "org.freedesktop.systemd1",
            load(unit),
            "org.freedesktop.DBus.Properties",
            "GetAll",
            "s",
            List.of("org.freedesktop.systemd1." + type));
    return (Map<String, Variant<?>>) call(all);
  }

  /// The lines of each of these files that systemd says to ignore, by `systemd-analyze verify`.
  List<SortedSet<Integer>> ignored(List<byte[]> files) throws IOException, InterruptedException {
    List<String> names = write(files);
    try {
      String said =
          node.run(
              "sh",
              "-c",
              "cd "
                  + DIRECTORY
                  + " && { systemd-analyze verify --man=no "
                  + names.stream().map("./"::concat).collect(Collectors.joining(" "))
                  + " 2>&1 || true; } | grep -aoE '^[^:]*:[0-9]+: (Missing|Assignment outside)'"
                  + " || true");
      var lines = new TreeMap<String, SortedSet<Integer>>();
      IGNORED
          .matcher(said)
          .results()
          .forEach(
              line ->
                  lines
                      .computeIfAbsent(line.group(1), n -> new TreeSet<>())
                      .add(Integer.parseInt(line.group(2))));
      var ignored = new ArrayList<SortedSet<Integer>>();
      for (String name : names) {
        ignored.add(lines.getOrDefault(name, new TreeSet<>()));
      }
      return ignored;
    } finally {
      delete(names);
    }
  }

  /// What systemd says of units once it has read these files, in all words that depend on them.
  SortedMap<String, String> told(SortedMap<String, String> texts)
      throws IOException, InterruptedException {
    for (var text : texts.entrySet()) {
      Files.writeString(path(text.getKey()), text.getValue());
    }
    try {
      link.call(Request.manager("Reload", ""), LONG).orThrow();
      List<String> names = List.copyOf(texts.keySet());
      List<String> said =
          atOnce(names.stream().<Callable<String>>map(name -> () -> told(name)).toList());
      var told = new TreeMap<String, String>();
      for (int i = 0; i < names.size(); i++) {
        told.put(names.get(i), said.get(i));
      }
      return told;
    } finally {
      delete(List.copyOf(texts.keySet()));
    }
  }

  private String told(String file) throws InterruptedException {
    String unit = file.replace("@.", "@x.");
    String type = unit.substring(unit.lastIndexOf('.') + 1);
    var said = new TreeMap<String, String>();
    for (String one : List.of("Unit", Character.toUpperCase(type.charAt(0)) + type.substring(1))) {
      properties(unit, one).forEach((key, value) -> said.put(key, deep(value.getValue())));
    }
    said.keySet().removeIf(key -> VOLATILE.matcher(key).matches());
    return said.toString();
  }

  private static String deep(Object value) {
    return switch (value) {
      case Object[] several ->
          List.of(several).stream().map(SystemdReader::deep).toList().toString();
      case List<?> several ->
          several.stream().map(SystemdReader::deep).sorted().toList().toString();
      default -> value.toString();
    };
  }
}
