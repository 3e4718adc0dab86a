package fleet.api.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.api.FixedClock;
import fleet.api.TestCluster;
import fleet.api.message.Header;
import fleet.api.message.Request;
import fleet.api.message.Response;
import fleet.cluster.Invocation;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.unit.UnitHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Replays the conversations under `transcripts/`, each with a cluster of its own.
///
/// | line | means |
/// |---|---|
/// | `$ machine m1 10.0.0.1 k=v` | something that engines, agents or strangers have written |
/// | `$ report m1 a.service launched loaded active running =` | … of the file that is stored |
/// | `> PUT /fleet/v1/units/a.service` | a request, with its headers on the lines after it |
/// | `\| {"name":"a.service"}` | its body |
/// | `< 200 application/json` | the answer: status and type, then its other headers |
/// | `= {}` | its body; `$` at the end of a line shows that the body goes on in the next |
///
/// To accept new answers, run with `-Dfleet.rewrite=true` and read the diff before you commit it.
class ConversationsTest {

  private static final Path TRANSCRIPTS = Path.of("src/test/resources/transcripts");

  @TestFactory
  List<DynamicTest> everyConversationGoesAsItDidBefore() throws IOException {
    try (var files = Files.list(TRANSCRIPTS)) {
      List<DynamicTest> tests =
          files
              .sorted()
              .map(file -> dynamicTest(file.getFileName().toString(), () -> replay(file)))
              .toList();
      assertFalse(tests.isEmpty());
      return tests;
    }
  }

  private static void replay(Path file) throws IOException, InterruptedException {
    String before = Files.readString(file);
    String after = new Replay(before.lines().toList()).run();
    if (Boolean.getBoolean("fleet.rewrite")) {
      Files.writeString(file, after);
    }
    assertEquals(before, after);
  }

  /// One run through one transcript.
  private static final class Replay {
    private final List<String> lines;
    private final StringBuilder out = new StringBuilder();
    private int at;

    Replay(List<String> lines) {
      this.lines = lines;
    }

    String run() throws InterruptedException {
      try (var cluster = new TestCluster(new FixedClock(), limit())) {
        while (at < lines.size()) {
          String line = lines.get(at);
          if (line.startsWith("<") || line.startsWith("=")) {
            at++; // what was answered when this was written
          } else if (line.startsWith("> ")) {
            exchange(cluster);
          } else {
            if (line.startsWith("$ ")) {
              arrange(cluster, line.substring(2));
            }
            copy();
          }
        }
      }
      return out.toString();
    }

    private int limit() {
      return lines.stream()
          .filter(line -> line.startsWith("$ limit "))
          .mapToInt(line -> Integer.parseInt(line.substring("$ limit ".length())))
          .findFirst()
          .orElse(100);
    }

    private String copy() {
      String line = lines.get(at++);
      out.append(line).append('\n');
      return line;
    }

    private void exchange(TestCluster cluster) throws InterruptedException {
      String[] first = copy().split(" ", 3);
      var headers = new ArrayList<Header>();
      while (at < lines.size() && lines.get(at).matches("> [A-Za-z-]+: .*")) {
        String[] header = copy().substring(2).split(": ", 2);
        headers.add(new Header(header[0], header[1]));
      }
      var body = new ArrayList<String>();
      while (at < lines.size() && lines.get(at).startsWith("|")) {
        body.add(copy().substring(1).strip());
      }
      show(
          cluster
              .service()
              .handle(new Request(first[1], first[2], headers, String.join("\n", body))));
    }

    private void show(Response response) {
      String type =
          response.headers().stream()
              .filter(header -> header.name().equals("Content-Type"))
              .map(header -> " " + header.value())
              .collect(Collectors.joining());
      out.append("< ").append(response.status()).append(type).append('\n');
      for (Header header : response.headers()) {
        boolean told = header.name().equals("Content-Type") || header.name().equals("Server");
        if (!told) {
          out.append("< ").append(header.name()).append(": ").append(header.value()).append('\n');
        }
      }
      if (!response.body().isEmpty()) {
        out.append("= ").append(response.body().replace("\n", "$\n= ")).append('\n');
      }
    }

    /// @param word `-` for none, `=` for that of the file that is stored
    private static Optional<UnitHash> hash(TestCluster cluster, String unit, String word)
        throws InterruptedException {
      return switch (word) {
        case "-" -> Optional.empty();
        case "=" ->
            cluster
                .registry()
                .unit(TestCluster.unit(unit))
                .map(stored -> stored.value().orElseThrow().file().hash());
        default -> Optional.of(new UnitHash(word));
      };
    }

    private static void arrange(TestCluster cluster, String line) throws InterruptedException {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "limit" -> {}
        case "machine" -> {
          var metadata = new TreeMap<String, String>();
          for (String pair : List.of(words).subList(3, words.length)) {
            metadata.put(pair.split("=")[0], pair.split("=")[1]);
          }
          cluster.machine(words[1], words[2].equals("-") ? "" : words[2], metadata);
        }
        case "unit" -> {
          String text = line.split(" ", 4)[3].replace("\\n", "\n");
          cluster.desire(words[1], text, TargetState.of(words[2]).orElseThrow());
        }
        case "assign" -> cluster.assign(words[1], words[2]);
        case "report" -> {
          String[] rest = line.split(" ", 9);
          cluster.report(
              words[1],
              words[2],
              new UnitState(
                  TargetState.of(words[3]).orElseThrow(),
                  0,
                  words[4],
                  words[5],
                  words[6],
                  hash(cluster, words[2], words[7]),
                  rest.length > 8 ? rest[8].split(" ", 2)[0] : "",
                  rest.length > 8 && rest[8].contains(" ") ? rest[8].split(" ", 2)[1] : "",
                  List.of()));
        }
        case "run" -> {
          String[] rest = line.split(" ", 5);
          var run = new Invocation("ab", Long.parseLong(rest[3]), rest[4], true);
          UnitState state =
              new UnitState(
                  TargetState.LAUNCHED,
                  0,
                  "loaded",
                  "activating",
                  "auto-restart",
                  Optional.empty(),
                  "exit-code",
                  "",
                  List.of());
          cluster.report(words[1], words[2], state.ran(run));
        }
        case "explain" -> {
          String[] parts = line.split(" ", 3)[2].split("; ");
          var vetoes = new TreeMap<String, String>();
          for (String veto : List.of(parts).subList(1, parts.length)) {
            vetoes.put(veto.split(": ", 2)[0], veto.split(": ", 2)[1]);
          }
          cluster.explain(words[1], parts[0], Map.copyOf(vetoes));
        }
        case "silence" -> cluster.silence(words[1]);
        case "failed" -> cluster.failed(words[1], Arrays.asList(words).subList(2, words.length));
        case "pause" -> cluster.pause(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        case "resign" -> cluster.resign();
        case "scribble" -> cluster.scribble(words[1], line.split(" ", 3)[2]);
        case "away" ->
            cluster.available(
                new Availability.Away(
                    line.substring("away ".length()),
                    FixedClock.NOW.minus(Duration.ofSeconds(17))));
        case "ready" -> cluster.available(new Availability.Ready());
        default -> throw new IllegalArgumentException("no such directive: " + line);
      }
    }
  }
}
