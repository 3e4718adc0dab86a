package fleet.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.chaos.Wish.Target;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What is planted in a cluster at rest is found.
class RestTest {

  private static final String UNIT = "x-busy@1.service";

  private final Wishes wishes = new Wishes();
  private final SortedMap<String, Wish> listed = new TreeMap<>();
  private final SortedMap<String, SortedMap<String, String>> told = new TreeMap<>();
  private final SortedMap<String, SortedMap<String, String>> active = new TreeMap<>();
  private final SortedMap<String, SortedMap<String, String>> files = new TreeMap<>();
  private final SortedMap<String, String> own = new TreeMap<>();
  private final SortedMap<String, String> roles = new TreeMap<>();

  RestTest() {
    for (String node : List.of("n1", "n2", "n3")) {
      active.put(node, new TreeMap<>());
      files.put(node, new TreeMap<>());
    }
    launched(UNIT, "n1");
  }

  private void launched(String unit, String... nodes) {
    var wish = new Wish(Target.LAUNCHED, "t1");
    wishes.acknowledged(unit, new TreeSet<>(List.of(wish)), Instant.EPOCH);
    listed.put(unit, wish);
    for (String node : nodes) {
      of(active, node).put(unit, "active");
      of(files, node).put(unit, "t1");
      told.computeIfAbsent(unit, _ -> new TreeMap<>()).put(node, "active");
    }
  }

  private static SortedMap<String, String> of(
      SortedMap<String, SortedMap<String, String>> all, String key) {
    return all.computeIfAbsent(key, _ -> new TreeMap<>());
  }

  private List<String> wrong() {
    return Rest.wrong(new Survey(listed, told, active, files, own, roles), wishes);
  }

  @Test
  void whatIsAsItMustBeIsNotWrong() {
    launched(Population.GLOBAL, "n1", "n2", "n3");
    launched("x-apart@1.service", "n1");
    launched("x-apart@2.service", "n2");

    assertEquals(List.of(), wrong());
  }

  @Test
  void anOwnUnitOfAMachineThatDoesNotRunIsFound() {
    own.put("x-own.service", "active");
    assertEquals(List.of(), wrong());

    own.put("x-own.service", "inactive");
    assertEquals(List.of("the machine's own x-own.service is inactive"), wrong());
  }

  @Test
  void anAcknowledgedUnitThatIsLostIsFound() {
    listed.clear();
    told.clear();
    of(active, "n1").clear();
    of(files, "n1").clear();

    assertEquals(
        List.of(
            "of x-busy@1.service [Wish[target=LAUNCHED, text=t1]] was acknowledged, and"
                + " Wish[target=ABSENT, text=] is listed"),
        wrong());
  }

  @Test
  void whatWasNotAnsweredMayBeSoOrNot() {
    var stopped = new Wish(Target.LOADED, "t1");
    wishes.unanswered(UNIT, new TreeSet<>(List.of(stopped)), Instant.EPOCH);
    assertEquals(List.of(), wrong());

    listed.put(UNIT, stopped);
    of(active, "n1").put(UNIT, "inactive");
    of(told, UNIT).put("n1", "inactive");
    assertEquals(List.of(), wrong());
  }

  @Test
  void aUnitThatRunsTwiceIsFound() {
    of(active, "n2").put(UNIT, "active");

    assertEquals(
        List.of("x-busy@1.service should be active where its file is on [n1], it is on [n1, n2]"),
        wrong());
  }

  @Test
  void aUnitThatRunsNowhereIsFound() {
    of(active, "n1").put(UNIT, "failed");
    of(told, UNIT).put("n1", "failed");

    assertEquals(
        List.of("x-busy@1.service should be active where its file is on [n1], it is on []"),
        wrong());
  }

  @Test
  void aGlobalUnitThatIsNotEverywhereIsFound() {
    launched(Population.GLOBAL, "n1", "n3");

    assertEquals(
        List.of("x-every.service should be on disk on [n1, n2, n3], it is on [n1, n3]"), wrong());
  }

  @Test
  void anotherTextIsFound() {
    of(files, "n1").put(UNIT, "t0");

    assertEquals(List.of("x-busy@1.service should have text t1, on n1 it has t0"), wrong());
  }

  @Test
  void aStateThatIsNotTrueIsFound() {
    of(told, UNIT).put("n1", "inactive");

    assertEquals(
        List.of("of x-busy@1.service list-units tells {n1=inactive}, systemd {n1=active}"),
        wrong());
  }

  @Test
  void unitsThatConflictOnOneMachineAreFound() {
    launched("x-apart@1.service", "n1");
    launched("x-apart@2.service", "n1");

    assertEquals(2, wrong().size(), wrong().toString());
  }

  @Test
  void aUnitWithoutItsMetadataIsFound() {
    launched(Population.WITH_ROLE, "n1");
    roles.put("n2", "db");

    assertEquals(List.of("x-role.service is on [n1], and the role is that of {n2=db}"), wrong());
  }

  @Test
  void aFileOfAUnitThatNobodyKnowsIsFound() {
    of(files, "n3").put("x-busy@9.service", "t1");

    assertEquals(
        List.of(
            "x-busy@9.service should be on disk on [], it is on [n3]",
            "of x-busy@9.service list-units tells {}, systemd {n3=inactive}"),
        wrong());
  }
}
