package fleet.ctl.console;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// The values of all flags of one command line.
public final class Options {

  private final Map<String, String> given = new TreeMap<>();

  Options() {}

  void put(Flag flag, String value) {
    given.put(flag.name(), value);
  }

  /// Whether the user set `flag`, on the command line or in the environment.
  public boolean given(Flag flag) {
    return given.containsKey(flag.name());
  }

  /// The value of `flag`: what the user gave last, or its fallback.
  public String text(Flag flag) {
    String value = given.get(flag.name());
    return value == null ? flag.fallback() : value;
  }

  /// Whether a switch is on.
  public boolean on(Flag flag) {
    return Flag.isTrue(text(flag));
  }

  /// The value of a whole-number flag.
  public int number(Flag flag) {
    return Integer.parseInt(text(flag));
  }

  /// The value of a flag that takes seconds or a duration.
  public Duration duration(Flag flag) {
    if (flag.kind() == Flag.Kind.DURATION) {
      return Flag.span(text(flag)).orElseThrow();
    }
    return Duration.ofMillis((long) (Double.parseDouble(text(flag)) * 1_000));
  }
}
