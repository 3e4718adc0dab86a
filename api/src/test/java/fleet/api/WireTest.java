package fleet.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireTest {

  private static UnitResource named(String name) {
    return new UnitResource(name, "", "", "", List.of());
  }

  @Test
  void unitIsWrittenInTheOrderOfFleetV1() {
    var unit =
        new UnitResource(
            "foo.service",
            "launched",
            "loaded",
            "b4e1",
            List.of(
                new UnitOption("Service", "ExecStart", "/bin/true"), new UnitOption("", "", "")));

    assertEquals(
        """
        {"currentState":"loaded","desiredState":"launched","machineID":"b4e1","name":"foo.service",\
        "options":[{"name":"ExecStart","section":"Service","value":"/bin/true"},{}]}\
        """,
        UnitResource.JSON.write(unit));
    assertEquals(new Ok<>(unit), UnitResource.JSON.read(UnitResource.JSON.write(unit)));
  }

  @Test
  void charactersAreEscapedAsGoDoes() {
    String awkward = "\"\\/\b\f\n\r\t\0\u001f\u007f<>&\u2028\u2029é\ud83d\ude80\ud800x\udc00";

    assertEquals(
        """
        {"name":"\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0000\\u001f\u007f\\u003c\\u003e\\u0026\
        \\u2028\\u2029é\ud83d\ude80\\ufffdx\\ufffd"}\
        """,
        UnitResource.JSON.write(named(awkward)));
  }

  @Test
  void pagesPutTheirFieldsInAlphabeticalOrder() {
    var units = new ListPage<>(List.of(named("a.service")), "ZAACAA==");
    var state =
        new UnitStateResource(
            "a.service", "0123", "m1", "loaded", "active", "running", RunResource.NONE);
    var states = new ListPage<>(List.of(state, UnitStateResource.NOTHING), "t");
    var machine = new MachineResource("m1", "10.0.0.1", new TreeMap<>(Map.of("k", "v", "a", "")));
    var machines = new ListPage<>(List.of(machine), "t");

    assertEquals(
        "{\"nextPageToken\":\"ZAACAA==\",\"units\":[{\"name\":\"a.service\"}]}",
        UnitResource.PAGE.write(units));
    assertEquals(
        """
        {"nextPageToken":"t","states":[{"hash":"0123","machineID":"m1","name":"a.service",\
        "systemdActiveState":"active","systemdLoadState":"loaded","systemdSubState":"running"},{}]}\
        """,
        UnitStateResource.PAGE.write(states));
    assertEquals(
        """
        {"machines":[{"id":"m1","metadata":{"a":"","k":"v"},"primaryIP":"10.0.0.1"}],\
        "nextPageToken":"t"}\
        """,
        MachineResource.PAGE.write(machines));
    assertEquals("{}", UnitResource.PAGE.write(new ListPage<>(List.of(), "")));
    assertEquals("{}", UnitStateResource.JSON.write(UnitStateResource.NOTHING));
    assertEquals(new Ok<>(units), UnitResource.PAGE.read(UnitResource.PAGE.write(units)));
    assertEquals(
        new Ok<>(states), UnitStateResource.PAGE.read(UnitStateResource.PAGE.write(states)));
    assertEquals(
        new Ok<>(machines), MachineResource.PAGE.read(MachineResource.PAGE.write(machines)));
  }

  @Test
  void explanationHoldsAllThatAWaitingClientNeeds() {
    var explanation =
        new ExplanationResource(
            "a.service",
            "launched",
            "loaded",
            "m1",
            "no machine can take it",
            List.of(
                new ExplanationResource.Assigned("m1", 7),
                new ExplanationResource.Assigned("m3", 0)),
            List.of(new ExplanationResource.Veto("m2", "conflicts with b.service")),
            List.of(
                new ExplanationResource.State(
                    "m1",
                    "01",
                    "launched",
                    "loaded",
                    "failed",
                    "failed",
                    "exit-code",
                    "start failed",
                    3,
                    List.of("one", "two"),
                    List.of(
                        new OutcomeResource(
                            7,
                            "id",
                            "restart",
                            "failed",
                            "no",
                            new OutcomeResource.Seen("active", "running", "success", "aa"),
                            OutcomeResource.Seen.NOTHING)),
                    new RunResource("ab", 5, "exit code 1", true))));
    var page = new ListPage<>(List.of(explanation), "");

    assertEquals(
        """
        {"explanations":[{"assigned":[{"machineID":"m1","order":7},{"machineID":"m3"}],\
        "currentState":"loaded","desiredState":"launched","machineID":"m1",\
        "name":"a.service","states":[{"crashLooping":true,"currentState":"launched","exit":"exit code 1","generation":3,"hash":"01",\
        "invocationID":"ab","log":["one","two"],"machineID":"m1",\
        "outcomes":[{"before":{"invocationID":"aa","result":"success","systemdActiveState":"active",\
        "systemdSubState":"running"},"id":"id","kind":"restart","number":7,"result":"failed","words":"no"}],\
        "problem":"start failed","restarts":5,"result":"exit-code","systemdActiveState":"failed","systemdLoadState":"loaded",\
        "systemdSubState":"failed"}],"summary":"no machine can take it",\
        "vetoes":[{"machineID":"m2","reason":"conflicts with b.service"}]}]}\
        """,
        ExplanationResource.PAGE.write(page));
    assertEquals(
        new Ok<>(page), ExplanationResource.PAGE.read(ExplanationResource.PAGE.write(page)));
  }

  @Test
  void orderAndItsNumberAreReadAsTheyWereWritten() {
    var options = List.of(new UnitOption("Service", "ExecStart", "/bin/true"));
    var order = new OrderResource("one", "start", "m1", options);
    var outcome =
        new OutcomeResource(
            7,
            "one",
            "start",
            "not-started",
            "no socket",
            OutcomeResource.Seen.NOTHING,
            new OutcomeResource.Seen("inactive", "dead", "success", "ab"));
    var given =
        new GivenOrderResource("one", 7, 2, List.of(new GivenOrderResource.On("m1", outcome)));

    assertEquals(
        "{\"id\":\"one\",\"kind\":\"start\",\"machineID\":\"m1\",\"options\":[{\"name\":\"ExecStart\","
            + "\"section\":\"Service\",\"value\":\"/bin/true\"}]}",
        OrderResource.JSON.write(order));
    assertEquals(new Ok<>(order), OrderResource.JSON.read(OrderResource.JSON.write(order)));
    assertEquals(
        "{\"generation\":2,\"id\":\"one\",\"number\":7,\"outcomes\":[{\"after\":{\"invocationID\":"
            + "\"ab\",\"result\":\"success\",\"systemdActiveState\":\"inactive\","
            + "\"systemdSubState\":\"dead\"},\"id\":\"one\",\"kind\":\"start\","
            + "\"machineID\":\"m1\",\"number\":7,\"result\":\"not-started\","
            + "\"words\":\"no socket\"}]}",
        GivenOrderResource.JSON.write(given));
    assertEquals(
        new Ok<>(given), GivenOrderResource.JSON.read(GivenOrderResource.JSON.write(given)));
  }

  @Test
  void errorHasItsMessageEvenWhenThereIsNone() {
    var error = new ErrorResource(404, "");

    assertEquals("{\"error\":{\"code\":404,\"message\":\"\"}}", ErrorResource.JSON.write(error));
    assertEquals(new Ok<>(error), ErrorResource.JSON.read(ErrorResource.JSON.write(error)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"NAME\":\"a.service\"}",
        "{\"name\":\"b.service\",\"Name\":\"a.service\"}",
        "{\"name\":\"a.service\",\"extra\":{\"deep\":[1,{\"x\":null}]}}",
        "{\"name\":\"a.service\",\"options\":null,\"desiredState\":null}",
        "{\"name\":\"a.service\"} and then some",
        "  {\"name\":\"\\u0061.service\"}",
      })
  void fieldsAreReadAsLenientlyAsGoReadsThem(String json) {
    assertEquals(new Ok<>(named("a.service")), UnitResource.JSON.read(json));
  }

  @Test
  void halfACharacterIsReplacedWhenItIsRead() {
    assertEquals(
        new Ok<>(named("\ufffdx\ufffd\ud83d\ude80")),
        UnitResource.JSON.read("{\"name\":\"\\ud800x\\udc00\\ud83d\\ude80\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~ | EOF",
        "{\"name\":\"a | unexpected EOF",
        "{ | unexpected EOF",
        "{\"options\":[{} | unexpected EOF",
        "[] | expected an object, found an array",
        "7 | expected an object, found a number",
        "{\"name\":7} | name: expected a string, found a number",
        "{\"options\":{}} | options: expected an array, found an object",
        "{\"options\":[{},null]} | options[1]: expected an object, found null",
        "{\"options\":[{\"value\":[]}]} | value: expected a string, found an array",
      })
  void bodyThatIsNoUnitHasAReason(String json, String reason) {
    assertEquals(new Malformed<>(reason), UnitResource.JSON.read(json));
  }

  @Test
  void pageWhoseUnitsAreNoneHasAReason() {
    assertEquals(
        new Malformed<>("units[0]: expected an object, found a number"),
        UnitResource.PAGE.read("{\"units\":[7]}"));
  }

  @Test
  void brokenJsonIsShownWhereItBreaks() {
    Parsed<UnitResource> read = UnitResource.JSON.read("{\"name\":\n x}");

    String reason = ((Malformed<UnitResource>) read).reason();
    assertEquals("invalid JSON in line 2, column 2:", reason.substring(0, 33));
  }

  @Test
  void patchTakesItsValueAsTextAndAsFleetV1HadIt() {
    String json =
        """
        [{"op":"add","path":"/m/metadata/k","value":{"value":"x"}},
         {"Op":"replace","Path":"/m/metadata/k","Value":{"Value":"y"}},
         {"op":"add","path":"/m/metadata/k","value":"z"},
         {"op":"remove","path":"/m/metadata/k"}]\
        """;

    assertEquals(
        new Ok<>(
            List.of(
                new MetadataOperation("add", "/m/metadata/k", "x"),
                new MetadataOperation("replace", "/m/metadata/k", "y"),
                new MetadataOperation("add", "/m/metadata/k", "z"),
                new MetadataOperation("remove", "/m/metadata/k", ""))),
        MetadataOperation.PATCH.read(json));
  }

  @Test
  void aDaemonShowsItselfAsInFleet1() {
    var state =
        new UnitStateResource(
            "a.service", "", "m1", "loaded", "active", "running", RunResource.NONE);
    var states = new TreeMap<>(Map.of("a.service", state));

    assertEquals(
        "{\"Agent\":{\"Cache\":{\"TargetStates\":{\"a.service\":\"launched\","
            + "\"b.service\":\"loaded\"}}},\"UnitStatePublisher\":{\"Cache\":{\"a.service\":"
            + "{\"LoadState\":\"loaded\",\"ActiveState\":\"active\",\"SubState\":\"running\","
            + "\"MachineID\":\"m1\",\"UnitHash\":\"\",\"UnitName\":\"a.service\"}},"
            + "\"ToPublish\":{}},\"UnitStateGenerator\":{\"Subscribed\":[\"a.service\"]}}",
        new DaemonState(
                new TreeMap<>(Map.of("a.service", "launched", "b.service", "loaded")),
                states,
                new TreeMap<>())
            .json());
  }
}
