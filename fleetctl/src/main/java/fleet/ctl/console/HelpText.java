package fleet.ctl.console;

import java.util.List;

/// Writes help in fleet v1's layout: a heading a section, bodies indented by a tab, blank lines
/// between the sections.
public final class HelpText {

  private final StringBuilder text = new StringBuilder();

  private HelpText() {}

  /// The help for one command of `program`.
  public static String of(String program, Synopsis command, List<Flag> globals) {
    var help = new HelpText();
    help.section("NAME", "\t" + command.name() + " - " + command.summary() + "\n");
    help.section(
        "USAGE", "\t" + (program + " " + command.name() + " " + command.usage()).strip() + "\n");
    help.section("DESCRIPTION", indented(command.description()));
    help.section("OPTIONS", flags(command.flags()));
    help.section("GLOBAL OPTIONS", flags(globals));
    return help.text.toString();
  }

  /// The help for `program` as a whole.
  ///
  /// @param program what the program is called and does; its flags are the global ones
  public static String of(Synopsis program, String version, CommandLine.Commands commands) {
    var help = new HelpText();
    help.section("NAME", "\t" + program.name() + " - " + program.summary() + "\n");
    help.section("USAGE", "\t" + program.name() + " " + program.usage() + "\n");
    help.section("VERSION", "\t" + version + "\n");
    var summaries = new Table();
    for (String name : commands.names()) {
      summaries.add(List.of(name, commands.synopsis(name).summary()));
    }
    help.section("COMMANDS", summaries.text("\t"));
    help.section("DESCRIPTION", indented(program.description()));
    help.section("OPTIONS", flags(program.flags()));
    return help.text.toString();
  }

  private void section(String heading, String body) {
    if (body.isEmpty()) {
      return;
    }
    if (!text.isEmpty()) {
      text.append('\n');
    }
    text.append(heading).append(":\n").append(body);
  }

  private static String flags(List<Flag> flags) {
    var table = new Table();
    for (Flag flag : flags) {
      if (flag.usage().isEmpty()) {
        continue;
      }
      String letter = flag.letter().isEmpty() ? "" : "-" + flag.letter() + ", ";
      table.add(List.of(letter + "--" + flag.name() + "=" + flag.fallback(), flag.usage()));
    }
    return table.text("\t");
  }

  private static String indented(String lines) {
    if (lines.isEmpty()) {
      return "";
    }
    String body = "\t" + lines.strip().replace("\n", "\n\t") + "\n";
    return body.replace("\n\t\n", "\n\n");
  }
}
