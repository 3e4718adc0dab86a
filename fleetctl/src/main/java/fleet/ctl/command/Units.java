package fleet.ctl.command;

import fleet.api.UnitResource;
import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import fleet.unit.UnitOption;
import fleet.unit.requirements.Requirements;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Small answers about units that several verbs need.
public final class Units {

  private static final int BRIEF_HASH = 7;
  private static final int MOST_NAMES = 20;

  private Units() {}

  /// The unit that an argument means; empty if it means none, which has then been said.
  public static Optional<UnitName> named(CommandCall call, String argument) {
    return switch (UnitName.ofArgument(argument)) {
      case Parsed.Ok<UnitName>(var name) -> Optional.of(name);
      case Parsed.Malformed<UnitName>(var reason) -> {
        call.console().complain("Invalid unit name \"" + argument + "\": " + reason);
        yield Optional.empty();
      }
    };
  }

  /// The units that the arguments of a verb mean.
  ///
  /// @param names each once, in the order of the arguments
  /// @param all whether each argument means one; else it has been said which do not
  public record Named(List<String> names, boolean all) {}

  /// The units that the arguments mean.
  public static Named named(CommandCall call) {
    var names = new LinkedHashSet<String>();
    boolean all = true;
    for (String argument : call.arguments()) {
      Optional<UnitName> name = named(call, argument);
      all &= name.isPresent();
      name.ifPresent(each -> names.add(each.text()));
    }
    return new Named(List.copyOf(names), all);
  }

  /// Whether the user names any unit; if not, that has been said.
  public static boolean anyGiven(CommandCall call) {
    if (call.arguments().isEmpty()) {
      call.console().complain("No units given");
    }
    return !call.arguments().isEmpty();
  }

  /// Whether the unit runs on every eligible machine.
  public static boolean global(UnitResource unit) {
    for (UnitOption option : unit.options()) {
      if (option.section().equals("X-Fleet") && option.name().equals("Global")) {
        return UnitName.parse(unit.name()) instanceof Parsed.Ok<UnitName>(var name)
            && Requirements.of(name, new UnitFile(unit.options())).global();
      }
    }
    return false;
  }

  public static String briefHash(String hash) {
    return hash.length() <= BRIEF_HASH ? hash : hash.substring(0, BRIEF_HASH);
  }

  /// Names in brackets, as fleet 1.0 listed them; of many only the first.
  public static String brackets(List<String> names) {
    return names.size() <= MOST_NAMES
        ? "[" + String.join(" ", names) + "]"
        : "["
            + String.join(" ", names.subList(0, MOST_NAMES))
            + " and "
            + (names.size() - MOST_NAMES)
            + " more]";
  }
}
