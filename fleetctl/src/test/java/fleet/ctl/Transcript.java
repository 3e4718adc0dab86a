package fleet.ctl;

import fleet.cluster.MachineId;
import fleet.ctl.PlayedMachine.Program;
import fleet.ctl.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Plays a transcript: lines that say what happens in the world, and commands with what they print.
///
/// Indented lines are the text of the file or unit that the line above them names, or the journal
/// of the unit that it reports. `at 300ms: …` happens that long after the next command has begun.
/// After a command, a line that begins with `!` was printed on the error stream, and `exit N` is
/// its status if that is not 0. Words in double quotes count as one.
///
/// `>` begins what a command would run: ssh, or a program of this machine. What the next one of
/// them prints stands, indented, below `program STATUS`; `local ID` says who this machine is.
final class Transcript {

  private static final String USUAL =
      "-o ConnectTimeout=10 -o StrictHostKeyChecking=ask"
          + " -o UserKnownHostsFile=.fleetctl/known_hosts -o HashKnownHosts=no -l core";

  private final Path directory;
  private final PlayedWorld world;
  private final PlayedMachine here;
  private final PlayedTime time = new PlayedTime();
  private final TreeMap<String, String> variables = new TreeMap<>();
  private final StringBuilder played = new StringBuilder();

  private Transcript(Path directory, PlayedWorld world) {
    this.directory = directory;
    this.world = world;
    this.here = new PlayedMachine(directory);
    variables.put("HOME", directory.toString());
    variables.put("FLEETCTL_ENDPOINT", world.endpoint());
  }

  /// Plays `text` and returns it with what the commands have really printed.
  static String play(String text, Path directory) throws Exception {
    try (var world = new PlayedWorld()) {
      var transcript = new Transcript(directory, world);
      transcript.play(text.lines().toList());
      return transcript.played.toString();
    }
  }

  private void play(List<String> lines) throws Exception {
    boolean output = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("$ fleetctl")) {
        played.append(line).append('\n');
        run(words(line.substring("$ fleetctl".length())));
        output = true;
      } else if (line.isEmpty() || !output) {
        // What a command printed ends with the next line of the world, after a blank one.
        output &= !line.isEmpty() || printsOn(lines, i);
        if (!output) {
          played.append(line).append('\n');
          var text = new StringBuilder();
          while (i + 1 < lines.size() && lines.get(i + 1).startsWith("    ")) {
            i++;
            played.append(lines.get(i)).append('\n');
            text.append(lines.get(i).strip()).append('\n');
          }
          if (!line.isEmpty() && !line.startsWith("#")) {
            happen(line, text.toString());
          }
        }
      }
    }
  }

  /// Whether the blank line at `i` is part of what a command printed: help and unit files go on
  /// after blank lines, with headings or indented lines, and so does what programs print.
  private static boolean printsOn(List<String> lines, int i) {
    if (i + 1 >= lines.size()) {
      return false;
    }
    String next = lines.get(i + 1);
    return next.startsWith("\t")
        || next.startsWith("[")
        || next.startsWith("> ")
        || next.startsWith("! ")
        || next.startsWith("==> ")
        || next.matches("[A-Z ]+:");
  }

  private void happen(String line, String text) throws Exception {
    if (line.startsWith("at ")) {
      int colon = line.indexOf(':');
      String delay = line.substring("at ".length(), colon).replace("ms", "");
      String later = line.substring(colon + 1).strip();
      time.after(Duration.ofMillis(Long.parseLong(delay)), () -> act(words(later), text));
    } else {
      act(words(line), text);
    }
  }

  private void act(List<String> words, String text) throws InterruptedException {
    String unit = words.size() > 1 ? words.get(1) : "";
    switch (words.getFirst()) {
      case "file" -> write(unit, text);
      case "no-file" -> delete(unit);
      case "variable" -> variables.put(unit, words.get(2));
      case "machine" -> world.machine(unit, words.get(2), pairs(words.subList(3, words.size())));
      case "machine-gone" -> world.machineGone(unit);
      case "silence" -> world.silence(unit);
      case "pause" -> world.pause(Integer.parseInt(unit), Integer.parseInt(words.get(2)));
      case "unit" -> world.unit(unit, words.get(2), text);
      case "want" -> world.want(unit, words.get(2));
      case "forget" -> world.delete(unit);
      case "assign" -> world.assign(unit, words.get(2));
      case "unassign" -> world.unassign(unit, words.get(2));
      case "explain" -> {
        var vetoes = new TreeMap<MachineId, String>();
        pairs(words.subList(3, words.size()))
            .forEach((machine, reason) -> vetoes.put(new MachineId(machine), reason));
        world.explain(unit, words.get(2), vetoes);
      }
      case "unexplain" -> world.unexplain(unit);
      case "report" ->
          world.report(
              unit,
              words.get(2),
              words.get(3),
              words.get(4),
              words.get(5),
              words.get(6),
              words.get(7),
              words.size() > 8 ? words.get(8) : "",
              words.size() > 9 ? Long.parseLong(words.get(9)) : 0,
              text.lines().toList());
      case "run" ->
          world.run(
              unit,
              words.get(2),
              Long.parseLong(words.get(3)),
              words.get(4),
              words.contains("crash-looping"));
      case "outcome" ->
          world.outcome(unit, words.get(2), words.get(3), words.size() > 4 ? words.get(4) : "");
      case "order" -> world.order(unit, words.get(2));
      case "no-report" -> world.forget(unit, words.get(2));
      case "local" -> here.id(unit);
      case "terminal" -> here.interactive(true);
      case "no-programs" -> here.empty(true);
      case "program" -> here.next(new Program(Integer.parseInt(unit), text));
      case "resign" -> world.resign();
      case "campaign" -> world.campaign();
      case "away" -> world.away(unit);
      case "back" -> world.back();
      default -> throw new IllegalArgumentException("nothing happens by \"" + words + "\"");
    }
  }

  private void write(String name, String text) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void delete(String name) {
    try {
      Files.delete(directory.resolve(name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void run(List<String> arguments) throws InterruptedException {
    var printed = new StringBuilder();
    PrintStream out = lines(printed, "");
    here.printTo(out);
    var console =
        new Console(InputStream.nullInputStream(), out, lines(printed, "! "), variables, directory);
    int status = Fleetctl.run(arguments, console, here, time);
    time.clear();
    played.append(
        printed
            .toString()
            .replace(directory + "/", "")
            .replace(USUAL, "USUAL")
            .replace(world.endpoint().replaceFirst("http://(.*):", "[$1]:"), "[api]:80")
            .replace(world.endpoint(), "http://api")
            .replaceAll("fleetctl-[0-9a-f]{16}", "fleetctl-RANDOM")
            .replaceAll("! \\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d ", "! DATE TIME ")
            .replaceAll("since \\S+Z \\(\\d+ s\\)", "since TIME (N s)"));
    if (status != 0) {
      played.append("exit ").append(status).append('\n');
    }
  }

  private static PrintStream lines(StringBuilder into, String mark) {
    var stream =
        new OutputStream() {
          private final ByteArrayOutputStream line = new ByteArrayOutputStream();

          @Override
          public void write(int b) {
            line.write(b);
            if (b == '\n') {
              into.append(line.size() == 1 ? "" : mark)
                  .append(line.toString(StandardCharsets.UTF_8));
              line.reset();
            }
          }
        };
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  private static SortedMap<String, String> pairs(List<String> words) {
    var pairs = new TreeMap<String, String>();
    for (String word : words) {
      int equals = word.indexOf('=');
      pairs.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return pairs;
  }

  private static List<String> words(String line) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean quoted = false;
    boolean begun = false;
    for (char c : (line + " ").toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
        begun = true;
      } else if (c == ' ' && !quoted) {
        if (begun) {
          words.add(word.toString());
        }
        word.setLength(0);
        begun = false;
      } else {
        word.append(c);
        begun = true;
      }
    }
    return words;
  }
}
