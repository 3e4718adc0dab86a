package fleet.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReloadTest {

  private static Configuration read(String file) {
    return Configuration.of("fleet.conf", file, new TreeMap<>()).orElseThrow();
  }

  @Test
  void whatCanChangeWhileTheDaemonRunsIsTakenOver() {
    Configuration after =
        read(
            """
            verbosity=1
            public_ip=10.0.0.2
            metadata=disk=ssd
            disable_engine=true
            token_limit=7
            """);

    Reload reload = Reload.of(read("public_ip=10.0.0.1"), after);

    assertEquals(after, reload.configuration());
    assertEquals(
        List.of(
            new Reload.Change("verbosity", "0", "1", true),
            new Reload.Change("public_ip", "10.0.0.1", "10.0.0.2", true),
            new Reload.Change("metadata", "{}", "{disk=ssd}", true),
            new Reload.Change("disable_engine", "false", "true", true),
            new Reload.Change("token_limit", "100", "7", true)),
        reload.changes());
  }

  /// Unlike fleet v1, where it kept its value.
  @Test
  void aKeyThatIsGoneHasItsDefaultAgain() {
    Reload reload = Reload.of(read("metadata=disk=ssd"), read(""));

    assertEquals(read(""), reload.configuration());
    assertEquals(
        List.of(new Reload.Change("metadata", "{disk=ssd}", "{}", true)), reload.changes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent_ttl=30s",
        "units_directory=/run/units",
        "data_directory=/data",
        "systemd_user=true",
        "engine_reconcile_interval=2",
        "evict_share=30%",
        "api_socket=/run/mine.sock",
        "api_listen=127.0.0.1:49153",
        "etcd_key_prefix=/mine/",
        "etcd_servers=http://a:1",
        "store_listen=127.0.0.1:2379"
      })
  void whatCannotChangeStaysAndIsNamed(String line) {
    Configuration before = read("");

    Reload reload = Reload.of(before, read(line));

    assertEquals(before, reload.configuration());
    var change = reload.changes().getFirst();
    assertEquals(line.substring(0, line.indexOf('=')), change.key());
    assertFalse(change.applied());
  }

  @Test
  void aPasswordIsNotShown() {
    String etcd = "etcd_servers=http://a:1\netcd_username=root\netcd_password=";

    assertEquals(
        List.of(new Reload.Change("etcd_password", "…", "…", false)),
        Reload.of(read(etcd + "a"), read(etcd + "b")).changes());
  }

  @Test
  void everyKeyThatHasAnEffectIsCompared() {
    long idle = 4;
    assertEquals(Key.values().length - idle, Reload.comparedKeys());
  }
}
