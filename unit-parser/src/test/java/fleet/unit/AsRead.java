package fleet.unit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a unit file says in the options by which fleet and systemd are compared.
///
/// @param conditions the values of the conditions of `[Unit]`, which systemd takes as they are
/// @param environment the variables of `Environment=` in `[Service]`; empty if what systemd makes
///     of such a value is beyond us
public record AsRead(
    SortedMap<String, List<String>> conditions, Optional<SortedMap<String, String>> environment) {

  /// Options of `[Unit]` whose values systemd takes as they are, and can be asked for.
  static final List<String> CONDITIONS =
      List.of("ConditionHost", "ConditionUser", "ConditionEnvironment");

  public AsRead {
    conditions = Collections.unmodifiableSortedMap(new TreeMap<>(conditions));
  }

  /// What fleet reads.
  public static AsRead of(UnitFile file) {
    var conditions = new TreeMap<String, List<String>>();
    var variables = new TreeMap<String, String>();
    boolean sure = true;
    for (UnitOption option : file.options()) {
      String value = option.meaning();
      if (option.section().equals("Unit") && CONDITIONS.contains(option.name())) {
        if (value.isEmpty()) {
          conditions.clear();
        } else {
          conditions.computeIfAbsent(option.name(), n -> new ArrayList<>()).add(value);
        }
      } else if (option.section().equals("Service") && option.name().equals("Environment")) {
        sure &= isTame(value);
        if (value.isEmpty()) {
          variables.clear();
        } else {
          assign(value, variables);
        }
      }
    }
    return new AsRead(conditions, sure ? Optional.of(variables) : Optional.empty());
  }

  /// Whether systemd divides the value as [#words] does (systemd.syntax(7), *Quoting*).
  private static boolean isTame(String value) {
    return value.chars().noneMatch(c -> "\\'%".indexOf(c) >= 0 || (c < ' ' && c != '\t'))
        && value.chars().filter(c -> c == '"').count() % 2 == 0;
  }

  private static void assign(String value, SortedMap<String, String> variables) {
    for (String word : words(value)) {
      int equals = word.indexOf('=');
      if (equals > 0 && word.substring(0, equals).matches("[A-Za-z_][A-Za-z0-9_]*")) {
        variables.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
  }

  private static List<String> words(String value) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean quoted = false;
    boolean begun = false;
    for (char c : (value + " ").toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
        begun = true;
      } else if (quoted || (c != ' ' && c != '\t')) {
        word.append(c);
        begun = true;
      } else if (begun) {
        words.add(word.toString());
        word.setLength(0);
        begun = false;
      }
    }
    return words;
  }

  /// What systemd says: its properties `Conditions`, the last one first, and `Environment`.
  public static AsRead told(List<Object[]> conditions, List<String> environment) {
    var byName = new TreeMap<String, List<String>>();
    for (Object[] condition : conditions.reversed()) {
      byName
          .computeIfAbsent((String) condition[0], n -> new ArrayList<>())
          .add((String) condition[3]);
    }
    var variables = new TreeMap<String, String>();
    for (String variable : environment) {
      int equals = variable.indexOf('=');
      variables.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return new AsRead(byName, Optional.of(variables));
  }

  /// This, without what `other` does not know.
  public AsRead asFarAs(AsRead other) {
    return new AsRead(conditions, other.environment.flatMap(_ -> environment));
  }

  /// One line for each value.
  public List<String> lines() {
    return Stream.concat(
            conditions.entrySet().stream()
                .flatMap(
                    condition ->
                        condition.getValue().stream()
                            .map(value -> "condition " + condition.getKey() + "=" + value)),
            environment.stream()
                .flatMap(variables -> variables.entrySet().stream())
                .map(variable -> "variable " + variable.getKey() + "=" + variable.getValue()))
        .toList();
  }
}
