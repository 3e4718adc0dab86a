package fleet.ctl.console;

import fleet.unit.words.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Understands the arguments of one command line.
///
/// GNU's manner, as fleet v1 had it: `--flag=value` or `--flag value`; a switch is `--flag` or
/// `--flag=false`; flags may stand between the arguments, and global ones before the command too;
/// `--` ends the flags; one dash does for two, as with Go's programs; of a flag given twice the
/// last one counts. A command may be abbreviated as long as only one begins that way. Global flags
/// have environment variables, which the command line overrides; an empty variable counts as unset.
public final class CommandLine {

  /// What became of the arguments.
  public sealed interface Result {}

  /// They make sense.
  ///
  /// @param command the full name of the command, or empty if none was named
  public record Understood(String command, List<String> arguments, Options options)
      implements Result {}

  /// They do not.
  ///
  /// @param command the command whose help would help, or empty
  /// @param reason what is wrong and what might have been meant
  public record Misunderstood(String command, String reason) implements Result {}

  /// Knows the commands.
  public interface Commands {
    /// All full names, in the order of the help.
    List<String> names();

    /// The command of that full name.
    Synopsis synopsis(String name);
  }

  private final Commands commands;
  private final List<Flag> globals;
  private final Options options = new Options();
  private final List<String> arguments = new ArrayList<>();
  private String command = "";
  private List<Flag> flags;

  private CommandLine(Commands commands, List<Flag> globals) {
    this.commands = commands;
    this.globals = globals;
    this.flags = globals;
  }

  /// Reads `words`, with `variables` as the environment.
  public static Result parse(
      List<String> words, Map<String, String> variables, Commands commands, List<Flag> globals) {
    var line = new CommandLine(commands, globals);
    Optional<String> problem = line.readVariables(variables);
    if (problem.isEmpty()) {
      problem = line.read(words);
    }
    return problem.isPresent()
        ? new Misunderstood(line.command, problem.get())
        : new Understood(line.command, List.copyOf(line.arguments), line.options);
  }

  private Optional<String> readVariables(Map<String, String> variables) {
    for (Flag flag : globals) {
      String value = variables.get(flag.variable());
      if (value == null || value.isEmpty()) {
        continue;
      }
      Optional<String> problem = flag.problem(value);
      if (problem.isPresent()) {
        return Optional.of("environment variable " + flag.variable() + ": " + problem.get());
      }
      options.put(flag, value);
    }
    return Optional.empty();
  }

  private Optional<String> read(List<String> words) {
    boolean flagsEnded = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      Optional<String> problem = Optional.empty();
      if (flagsEnded || word.length() < 2 || word.charAt(0) != '-') {
        problem = readArgument(word);
      } else if (word.equals("--")) {
        flagsEnded = true;
      } else {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        Flag flag = find(name, flags);
        if (flag == null) {
          return Optional.of(
              misplaced(name, words.subList(i + 1, words.size())).orElse(unknownFlag(name)));
        }
        if (equals >= 0) {
          problem = put(flag, word.substring(equals + 1));
        } else if (flag.kind() == Flag.Kind.SWITCH) {
          options.put(flag, "true");
        } else if (++i < words.size()) {
          problem = put(flag, words.get(i));
        } else {
          return Optional.of("flag " + name + " needs a value");
        }
      }
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private Optional<String> readArgument(String word) {
    if (!command.isEmpty()) {
      arguments.add(word);
      return Optional.empty();
    }
    List<String> meant = complete(word, commands.names());
    if (meant.size() != 1) {
      return Optional.of(
          "unknown command \"" + word + "\"" + Nearest.question(word, commands.names(), meant));
    }
    command = meant.getFirst();
    flags = new ArrayList<>(commands.synopsis(command).flags());
    flags.addAll(globals);
    return Optional.empty();
  }

  private Optional<String> put(Flag flag, String value) {
    Optional<String> problem = flag.problem(value);
    if (problem.isPresent()) {
      return Optional.of("flag --" + flag.name() + ": " + problem.get());
    }
    options.put(flag, value);
    return Optional.empty();
  }

  private static @Nullable Flag find(String dashed, List<Flag> flags) {
    String name = dashed.substring(dashed.startsWith("--") ? 2 : 1);
    if (name.isEmpty()) {
      return null;
    }
    for (Flag flag : flags) {
      if (flag.letter().equals(name) || flag.name().equals(name)) {
        return flag;
      }
    }
    return null;
  }

  /// What to say if that flag is one of the command that follows.
  private Optional<String> misplaced(String dashed, List<String> following) {
    if (!command.isEmpty()) {
      return Optional.empty();
    }
    return following.stream()
        .map(word -> complete(word, commands.names()))
        .filter(meant -> meant.size() == 1)
        .map(List::getFirst)
        .filter(name -> find(dashed, commands.synopsis(name).flags()) != null)
        .findFirst()
        .map(name -> dashed + " belongs after the command: fleetctl " + name + " " + dashed);
  }

  private String unknownFlag(String dashed) {
    var known = new ArrayList<String>();
    for (Flag flag : flags) {
      known.add("--" + flag.name());
    }
    return "unknown flag \""
        + dashed
        + "\""
        + (command.isEmpty() ? "" : " of " + command)
        + Nearest.question(dashed, known, List.of());
  }

  /// The names that `word` can stand for: itself if it is one, else all that begin with it.
  public static List<String> complete(String word, List<String> names) {
    if (names.contains(word)) {
      return List.of(word);
    }
    var completions = new ArrayList<String>();
    for (String name : names) {
      if (!word.isEmpty() && name.startsWith(word)) {
        completions.add(name);
      }
    }
    return completions;
  }
}
