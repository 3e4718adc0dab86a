package fleet.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.architecture.HouseRules.Rule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// All modules that are shipped keep the house rules, and doubles keep theirs.
///
/// Plain dynamic tests, since a rule in a field that nobody runs would read green.
class ArchitectureTest {

  private static final List<Rule> RULES = HouseRules.all();

  @TestFactory
  List<DynamicTest> everyRuleHolds() {
    return RULES.stream()
        .map(rule -> dynamicTest(rule.name(), () -> rule.rule().check(House.CLASSES)))
        .toList();
  }

  /// What is played with doubles follows from its seed only if they keep these.
  @TestFactory
  List<DynamicTest> everyRuleOfDoublesHolds() {
    return HouseRules.ofDoubles().stream()
        .map(rule -> dynamicTest(rule.name(), () -> rule.rule().check(House.WITH_DOUBLES)))
        .toList();
  }

  @Test
  void noRuleIsLost() {
    assertEquals(26, RULES.size());
    assertEquals(4, HouseRules.ofDoubles().size());
  }

  /// The modules are those of the build that are shipped, and the rooms those that lie in them.
  @Test
  void theRulesSeeAllRooms() throws IOException {
    var unseen = new TreeSet<String>();
    List<String> rooms = House.rooms(Path.of(".."));
    for (String room : rooms) {
      if (House.types(room) == 0) {
        unseen.add(room);
      }
    }

    assertEquals(new TreeSet<>(), unseen);
    assertTrue(rooms.size() > 25, rooms::toString);
  }

  /// One knows one's way in a room of twenty. Those that are larger must not grow; whoever makes
  /// one smaller writes down how small.
  @Test
  void noRoomIsCrowded() throws IOException {
    var most = new TreeMap<>(Map.of("fleet.agent.dbus", 25));
    most.put("fleet.store.embedded", 22);
    var crowded = new TreeMap<String, Long>();
    for (String room : House.rooms(Path.of(".."))) {
      long types = House.types(room);
      if (types > most.getOrDefault(room, 20)) {
        crowded.put(room, types);
      }
    }

    assertEquals(new TreeMap<>(), crowded);
  }
}
