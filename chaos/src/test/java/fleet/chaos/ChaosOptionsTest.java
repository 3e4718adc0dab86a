package fleet.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import fleet.testing.machines.LocalCluster.StoreKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChaosOptionsTest {

  private static ChaosOptions parse(String words) throws ChaosOptions.Wrong {
    return ChaosOptions.parse(List.of(words.split(" ")), Map.of(), 123_456);
  }

  private static String wrong(String words) {
    return String.valueOf(assertThrows(ChaosOptions.Wrong.class, () -> parse(words)).getMessage());
  }

  @Test
  void aClusterHasANameAndANetOfItsProcess() throws Exception {
    assertEquals(
        new ChaosOptions(Duration.ofMinutes(60), 7, 5, StoreKind.ETCD, "x23456", "10.243.206"),
        parse("60 --seed 7"));
    assertEquals(
        new ChaosOptions(Duration.ofMinutes(1), 0, 3, StoreKind.EMBEDDED, "x23456", "10.243.206"),
        parse("--embedded --nodes 3 --seed 0 1"));
  }

  @Test
  void theEnvironmentMayNameThem() throws Exception {
    var options =
        ChaosOptions.parse(
            List.of("1", "--seed", "0"), Map.of("CLUSTER", "mine", "CLUSTER_NET", "10.9.8"), 1);

    assertEquals("mine 10.9.8", options.name() + " " + options.net());
  }

  @Test
  void wrongWordsAreNamed() {
    assertEquals("expected how many MINUTES", wrong("--embedded"));
    assertEquals("MINUTES: expected a number from 1 to 10000, found \"soon\"", wrong("soon"));
    assertEquals("--nodes: expected a number from 3 to 20, found \"2\"", wrong("1 --nodes 2"));
    assertEquals(
        "--seed: expected a number from 0 to 9223372036854775807, found \"\"", wrong("1 --seed"));
    assertEquals("expected an option, found \"2\"", wrong("1 2"));
  }
}
