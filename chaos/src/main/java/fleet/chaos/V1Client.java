package fleet.chaos;

import fleet.testing.machines.LocalCluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// The client of fleet 1.0, as far as the cluster can tell: its requests, in their order, by its
/// name.
final class V1Client {

  private static final String PROGRAM = "/usr/local/bin/v1-client";

  private V1Client() {}

  /// Gives it to every node.
  static void install(LocalCluster cluster) throws InterruptedException {
    for (String node : cluster.nodes()) {
      cluster.put(node, PROGRAM, program());
      cluster.exec(node, "chmod", "+x", PROGRAM).orFail();
    }
  }

  private static String program() {
    try (InputStream script = V1Client.class.getResourceAsStream("v1-client.sh")) {
      if (script == null) {
        throw new AssertionError("v1-client.sh is not among the resources of the tests");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The command that does `verb` to `unit`; what [#options] makes of the unit's text is its input.
  static List<String> command(String verb, String unit) {
    return List.of("timeout", "20", PROGRAM, verb, unit);
  }

  /// A unit's text as the options of the API, for texts without quotes and continued lines.
  static String options(String text) {
    var section = new StringBuilder();
    return text.lines()
        .filter(line -> !line.isBlank())
        .filter(
            line -> {
              boolean header = line.startsWith("[");
              if (header) {
                section.setLength(0);
                section.append(line, 1, line.length() - 1);
              }
              return !header;
            })
        .map(line -> option(section.toString(), line))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String option(String section, String line) {
    int equals = line.indexOf('=');
    return "{\"section\":\"%s\",\"name\":\"%s\",\"value\":\"%s\"}"
        .formatted(section, line.substring(0, equals), line.substring(equals + 1));
  }
}
