package fleet.cluster.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import fleet.cluster.Assignment;
import fleet.cluster.DesiredUnit;
import fleet.cluster.Explanation;
import fleet.cluster.FailedPlacements;
import fleet.cluster.Invocation;
import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.cluster.Order.Kind;
import fleet.cluster.OrderId;
import fleet.cluster.Orders;
import fleet.cluster.Outcome;
import fleet.cluster.Outcome.Result;
import fleet.cluster.Outcome.Seen;
import fleet.cluster.Pause;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.cluster.UnitState;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {

  private static final UnitName.Placeable WEB =
      (UnitName.Placeable) UnitName.parse("web@1.service").orElseThrow();
  private static final UnitFile FILE =
      UnitFile.parse("[Service]\nExecStart=/bin/sh -c \"echo \\\\\"ü\\\\\"\" \\\n  more\n")
          .orElseThrow();

  @Test
  void unitsComeBackAsTheyWere() {
    var unit = DesiredUnit.of(WEB, FILE, TargetState.LAUNCHED, Restarts.NONE);
    var restarted =
        unit.restarted(Restarts.NONE.everywhereOnceMore().onceMoreOn(new MachineId("a")));

    assertEquals(new Ok<>(unit), Codec.unit(WEB, Codec.text(unit)));
    assertEquals(new Ok<>(restarted), Codec.unit(WEB, Codec.text(restarted)));
  }

  @Test
  void whatAnOlderFleetWroteIsUnderstood() {
    var unit =
        DesiredUnit.of(
            WEB, new UnitFile(List.of()), TargetState.LOADED, new Restarts(3, new TreeMap<>()));
    var state =
        new UnitState(
            TargetState.LOADED,
            0,
            "loaded",
            "inactive",
            "dead",
            Optional.empty(),
            "",
            "",
            List.of());

    assertEquals(
        new Ok<>(unit),
        Codec.unit(WEB, "{\"contents\":\"\",\"target\":\"loaded\",\"generation\":3}"));
    assertEquals(
        new Ok<>(state),
        Codec.state(
            "{\"reached\":\"loaded\",\"load\":\"loaded\",\"active\":\"inactive\","
                + "\"sub\":\"dead\",\"hash\":\"\",\"result\":\"\",\"problem\":\"\"}"));
  }

  @Test
  void assignmentsComeBackAsTheyWere() {
    var assignment = new Assignment(WEB, FILE, TargetState.LOADED, 3);

    assertEquals(new Ok<>(assignment), Codec.assignment(WEB, Codec.text(assignment)));
  }

  @Test
  void ordersAndOutcomesComeBackAsTheyWere() {
    var orders =
        Orders.NONE
            .once(new OrderId("a.1-_Z"), Kind.START, Optional.empty())
            .once(new OrderId("b"), Kind.RESTART, Optional.of(new MachineId("m")));
    var unit = DesiredUnit.of(WEB, FILE, TargetState.LAUNCHED, Restarts.NONE).ordered(orders);
    var assignment =
        new Assignment(WEB, FILE, TargetState.LOADED, 3, orders.on(new MachineId("m")));
    var state =
        new UnitState(
                TargetState.LOADED,
                3,
                "loaded",
                "failed",
                "failed",
                Optional.of(FILE.hash()),
                "exit-code",
                "",
                List.of())
            .ran(new Invocation("0123abcd", 7, "exit code 203 (EXEC)", true))
            .ordered(
                List.of(
                    new Outcome(
                        orders.find(new OrderId("a.1-_Z")).orElseThrow(),
                        Result.ALREADY,
                        "",
                        Seen.NOTHING,
                        Seen.NOTHING),
                    new Outcome(
                        orders.find(new OrderId("b")).orElseThrow(),
                        Result.NOT_STARTED,
                        "Unit x.service not found.",
                        new Seen("active", "running", "success", "0123abcd"),
                        new Seen("failed", "failed", "exit-code", "4567cdef"))));

    assertEquals(new Ok<>(unit), Codec.unit(WEB, Codec.text(unit)));
    assertEquals(new Ok<>(assignment), Codec.assignment(WEB, Codec.text(assignment)));
    assertEquals(new Ok<>(state), Codec.state(Codec.text(state)));
  }

  @Test
  void anOrderOfAnUnknownKindSpoilsItsRecord() {
    assertEquals(
        new Malformed<>("kind: expected start, stop, restart or load, found \"fly\""),
        Codec.assignment(
            WEB,
            "{\"contents\":\"\",\"target\":\"loaded\",\"generation\":3,"
                + "\"order\":{\"number\":1,\"id\":\"a\",\"kind\":\"fly\"}}"));
  }

  @Test
  void machinesComeBackAsTheyWere() {
    var metadata = new TreeMap<String, String>();
    metadata.put("zone", "a\"b\\");
    metadata.put("empty", "");
    var id = new MachineId("0123456789abcdef");
    var machine = new Machine(id, "10.0.0.1", metadata, "2.0.0", "boot");

    assertEquals(new Ok<>(machine), Codec.machine(id, Codec.text(machine)));
    assertEquals(new Ok<>(metadata), Codec.overlay(Codec.text(metadata)));
  }

  @Test
  void statesComeBackAsTheyWere() {
    var state =
        new UnitState(
            TargetState.LAUNCHED,
            4,
            "loaded",
            "failed",
            "failed",
            Optional.of(FILE.hash()),
            "exit-code",
            "start failed: no such file",
            List.of("starting", "no such file: \u00fc"));
    var unknown =
        new UnitState(
            TargetState.INACTIVE,
            0,
            "not-found",
            "inactive",
            "dead",
            Optional.empty(),
            "",
            "",
            List.of());

    assertEquals(new Ok<>(state), Codec.state(Codec.text(state)));
    assertEquals(new Ok<>(unknown), Codec.state(Codec.text(unknown)));
  }

  @Test
  void explanationsPausesAndLeadersComeBackAsTheyWere() {
    var vetoes = new TreeMap<MachineId, String>();
    vetoes.put(new MachineId("a"), "needs disk=ssd");
    var explanation = new Explanation("no machine can take it", vetoes);

    var pause = new Pause(new TreeSet<>(List.of(new MachineId("b"))), 2, 4, 0.5);

    var failures =
        new FailedPlacements(
            UnitFile.parse("").orElseThrow().hash(), 3, List.of(new MachineId("c")), 2);

    assertEquals(new Ok<>(failures), Codec.failures(Codec.text(failures)));
    assertEquals(new Ok<>(pause), Codec.pause(Codec.text(pause)));
    assertEquals(
        new Ok<>(new Explained(explanation, Optional.empty())),
        Codec.explanation(Codec.text(explanation)));
    assertEquals(new Ok<>(new MachineId("a")), Codec.leader(Codec.leader(new MachineId("a"))));
  }

  @Test
  void anExplanationThatSharesItsReasonsIsASummaryToAFleetThatDoesNotKnowOfThat() {
    assertEquals(
        "{\"summary\":\"none of 2 machines can take it\",\"reasons\":\"abc\",\"vetoes\":{}}",
        Codec.text("none of 2 machines can take it", "abc"));
    assertEquals(
        new Ok<>(
            new Explained(
                new Explanation("none of 2 machines can take it", new TreeMap<>()),
                Optional.of("abc"))),
        Codec.explanation(Codec.text("none of 2 machines can take it", "abc")));
  }

  @Test
  void reasonsAreReadUnderTheNameOfTheirTextOnly() {
    var vetoes = new TreeMap<MachineId, String>();
    vetoes.put(new MachineId("a"), "needs disk=ssd");
    var reasons = Reasons.of(vetoes);

    assertEquals("{\"vetoes\":{\"a\":\"needs disk=ssd\"}}", reasons.text());
    assertEquals(32, reasons.name().length());
    assertEquals(new Ok<>(vetoes), Codec.reasons(reasons.name(), reasons.text()));
    assertEquals(
        new Malformed<>("expected the text that the key names, found that of " + reasons.name()),
        Codec.reasons("other", reasons.text()));
    assertInstanceOf(Malformed.class, Codec.reasons(Reasons.nameOf("{}"), "{}"));
  }

  @Test
  void onlyReasonsThatAReferenceIsShorterThanAreShared() {
    var vetoes = new TreeMap<MachineId, String>();
    assertEquals(Optional.empty(), Reasons.of(new Explanation("no machine", vetoes)));

    String text = "x".repeat(100 - Codec.reasons(new TreeMap<>()).length() - "\"a\":\"\"".length());
    vetoes.put(new MachineId("a"), text);
    assertEquals(Optional.empty(), Reasons.of(new Explanation("no machine", vetoes)));

    vetoes.put(new MachineId("a"), text + "x");
    assertEquals(
        Optional.of(Reasons.of(vetoes)), Reasons.of(new Explanation("no machine", vetoes)));
  }

  @Test
  void whatANewerFleetAddsIsIgnored() {
    assertEquals(
        new Ok<>(new MachineId("a")), Codec.leader("{\"machine\":\"a\",\"since\":[1,{}]}"));
  }

  @Test
  void aReasonNamesTheFieldAndWhatIsThere() {
    assertEquals(
        new Malformed<>("target: expected inactive, loaded or launched, found \"up\""),
        Codec.unit(WEB, "{\"contents\":\"\",\"target\":\"up\",\"generation\":1}"));
    assertEquals(
        new Malformed<>("generation: expected a whole number, found nothing"),
        Codec.unit(WEB, "{\"contents\":\"\",\"target\":\"loaded\"}"));
    assertEquals(
        new Malformed<>("generations: expected an object, found \"[1]\""),
        Codec.unit(
            WEB, "{\"contents\":\"\",\"target\":\"loaded\",\"generation\":1,\"generations\":[1]}"));
    assertEquals(
        new Malformed<>("machine: expected a string, found \"7\""),
        Codec.leader("{\"machine\":7}"));
    assertEquals(new Malformed<>("expected a JSON object, found \"[]\""), Codec.leader("[]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "{",
        "{\"machine\":\"a\"}{",
        "{\"machine\":\"a\",\"machine\":\"b\"}",
        "\u0000",
        "{\"machine\":\"\\ud800\"}x",
        "NaN"
      })
  void garbageIsMalformed(String text) {
    assertInstanceOf(Malformed.class, Codec.leader(text));
  }

  @Property
  void noTextMakesAReaderThrow(@ForAll String text) {
    List<Function<String, Parsed<?>>> readers =
        List.of(
            t -> Codec.unit(WEB, t),
            t -> Codec.assignment(WEB, t),
            t -> Codec.machine(new MachineId("a"), t),
            Codec::overlay,
            Codec::state,
            Codec::explanation,
            t -> Codec.reasons(Reasons.nameOf(t), t),
            Codec::leader);

    for (var reader : readers) {
      assertInstanceOf(Parsed.class, reader.apply(text));
      assertInstanceOf(Parsed.class, reader.apply("{\"machine\":" + text + "}"));
    }
  }

  @Test
  void deepNestingIsMalformedRatherThanFatal() {
    assertInstanceOf(Malformed.class, Codec.leader("{\"a\":".repeat(100_000)));
  }
}
