package fleet.ctl.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class HelpTextTest {

  private static final List<Flag> GLOBALS =
      List.of(Flag.text("endpoint", "unix:///x", "Where"), Flag.toggle("help", "This").or("h"));

  private static final Synopsis CAT =
      new Synopsis("cat", "Print a unit", "[--full] UNIT", "First.\n\nSecond.\n", List.of());

  private static final Synopsis LIST = new Synopsis("list", "List units", "", "", List.of());

  @Test
  void ofACommandHasItsSectionsAndLeavesOutEmptyOnes() {
    assertEquals(
        """
        NAME:
        \tcat - Print a unit

        USAGE:
        \tprogram cat [--full] UNIT

        DESCRIPTION:
        \tFirst.

        \tSecond.

        GLOBAL OPTIONS:
        \t--endpoint=unix:///x\tWhere
        \t-h, --help=false\tThis
        """,
        HelpText.of("program", CAT, GLOBALS));
  }

  @Test
  void ofTheProgramListsItsCommands() {
    var commands =
        new CommandLine.Commands() {
          @Override
          public List<String> names() {
            return List.of("cat", "list");
          }

          @Override
          public Synopsis synopsis(String name) {
            return name.equals("cat") ? CAT : LIST;
          }
        };

    assertEquals(
        """
        NAME:
        \tprogram - Does it all

        USAGE:
        \tprogram COMMAND

        VERSION:
        \t1.2.3

        COMMANDS:
        \tcat\tPrint a unit
        \tlist\tList units

        OPTIONS:
        \t--endpoint=unix:///x\tWhere
        \t-h, --help=false\tThis
        """,
        HelpText.of(
            new Synopsis("program", "Does it all", "COMMAND", "", GLOBALS), "1.2.3", commands));
  }
}
