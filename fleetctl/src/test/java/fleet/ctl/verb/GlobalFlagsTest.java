package fleet.ctl.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import fleet.ctl.console.CommandLine;
import fleet.ctl.console.CommandLine.Understood;
import fleet.ctl.console.Flag;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GlobalFlagsTest {

  /// All that fleet 1.0 had, but `--h`, which is a short form here. The time for a request is ours:
  /// fleet 1.0 limited those to etcd only, to 3 seconds.
  @Test
  void fleetOnesFlagsAreThereAndTheirFallbacks() {
    var expected = new TreeMap<String, String>();
    expected.put("endpoint", "unix:///var/run/fleet.sock");
    expected.put("driver", "API");
    expected.put("etcd-key-prefix", "/_coreos.com/fleet/");
    expected.put("ca-file", "");
    expected.put("cert-file", "");
    expected.put("key-file", "");
    expected.put("etcd-cafile", "");
    expected.put("etcd-certfile", "");
    expected.put("etcd-keyfile", "");
    expected.put("experimental-api", "true");
    expected.put("request-timeout", "30.0");
    expected.put("tunnel", "");
    expected.put("ssh-username", "core");
    expected.put("ssh-timeout", "10.0");
    expected.put("strict-host-key-checking", "true");
    expected.put("known-hosts-file", "~/.fleetctl/known_hosts");
    expected.put("debug", "false");
    expected.put("help", "false");
    expected.put("version", "false");

    var found = new TreeMap<String, String>();
    GlobalFlags.ALL.forEach(flag -> found.put(flag.name(), flag.fallback()));

    assertEquals(expected, found);
  }

  @TestFactory
  List<DynamicTest> everyFlagIsTakenBeforeAndAfterTheCommandAndFromItsVariable() {
    return GlobalFlags.ALL.stream()
        .map(flag -> dynamicTest(flag.name(), () -> take(flag)))
        .toList();
  }

  private static void take(Flag flag) {
    String value = value(flag);
    String word = "--" + flag.name() + "=" + value;
    String variable = "FLEETCTL_" + flag.name().toUpperCase(Locale.ROOT).replace('-', '_');

    assertEquals(value, parse(List.of(word, "list-units"), Map.of()).options().text(flag));
    assertEquals(value, parse(List.of("list-units", word), Map.of()).options().text(flag));
    assertEquals(value, parse(List.of("list-units"), Map.of(variable, value)).options().text(flag));
    assertEquals(
        flag.fallback(), parse(List.of("list-units"), Map.of(variable, "")).options().text(flag));
  }

  /// One that is not the fallback.
  private static String value(Flag flag) {
    return switch (flag.kind()) {
      case SWITCH -> flag.fallback().equals("true") ? "false" : "true";
      case TEXT -> "other";
      case WHOLE_NUMBER, SECONDS, DURATION -> "7";
    };
  }

  private static Understood parse(List<String> words, Map<String, String> variables) {
    return assertInstanceOf(
        Understood.class, CommandLine.parse(words, variables, new Verbs(), GlobalFlags.ALL));
  }
}
