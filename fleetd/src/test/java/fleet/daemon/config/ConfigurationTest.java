package fleet.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.daemon.config.Configuration.Address;
import fleet.daemon.config.Configuration.Agent;
import fleet.daemon.config.Configuration.Api;
import fleet.daemon.config.Configuration.Credentials;
import fleet.daemon.config.Configuration.Engine;
import fleet.daemon.config.Configuration.ServerTls;
import fleet.daemon.config.Configuration.Store;
import fleet.unit.Parsed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

  private static final String SOURCE = "fleet.conf";

  private static Configuration read(String file) {
    return read(file, Map.of());
  }

  private static Configuration read(String file, Map<String, String> environment) {
    return Configuration.of(SOURCE, file, new TreeMap<>(environment)).orElseThrow();
  }

  private static String refusal(String file) {
    return refusal(file, Map.of());
  }

  private static String refusal(String file, Map<String, String> environment) {
    return switch (Configuration.of(SOURCE, file, new TreeMap<>(environment))) {
      case Parsed.Malformed<Configuration>(var reason) -> reason;
      case Parsed.Ok<Configuration>(var accepted) ->
          throw new AssertionError("accepted: " + accepted);
    };
  }

  private static SortedMap<String, String> metadata(String... pairs) {
    var map = new TreeMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  @Test
  void nothingAtAllMakesAWholeClusterOfOne() {
    var expected =
        new Configuration(
            false,
            new Agent(
                Duration.ofSeconds(3),
                Optional.empty(),
                metadata(),
                Path.of("/run/fleet/units"),
                Path.of("/var/lib/fleet"),
                false),
            new Engine(true, Duration.ofSeconds(3), Duration.ofSeconds(30), 0.5),
            new Store.Embedded(
                "/_coreos.com/fleet/",
                Path.of("/var/lib/fleet/store"),
                List.of(),
                Optional.empty()),
            new Api(Path.of("/run/fleet.sock"), List.of(), 100),
            List.of());

    assertEquals(expected, read(""));
  }

  @Test
  void everyKeyOfTheEmbeddedStoreAndTheMachineIsHeard(@TempDir Path files) throws IOException {
    Path certificate = Files.writeString(files.resolve("c"), "");
    Path key = Files.writeString(files.resolve("k"), "");
    Path authority = Files.writeString(files.resolve("a"), "");

    var configuration =
        read(
            """
            verbosity=1
            public_ip = "10.0.0.1"
            metadata=disk=ssd,zone=a
            agent_ttl=30s
            units_directory=/run/units
            data_directory=/data
            systemd_user=true
            token_limit=7
            disable_engine=yes
            engine_reconcile_interval=2.5
            evict_share=25%%
            etcd_key_prefix=/mine
            store_listen=127.0.0.1:2379, [::1]:2380
            store_certfile=%s
            store_keyfile=%s
            store_cafile=%s
            api_socket=/run/mine.sock
            api_listen=127.0.0.1:49153
            """
                .formatted(certificate, key, authority));

    assertEquals(
        new Configuration(
            true,
            new Agent(
                Duration.ofSeconds(30),
                Optional.of("10.0.0.1"),
                metadata("disk", "ssd", "zone", "a"),
                Path.of("/run/units"),
                Path.of("/data"),
                true),
            new Engine(false, Duration.ofSeconds(10), Duration.ofMillis(2_500), 0.25),
            new Store.Embedded(
                "/mine/",
                Path.of("/data/store"),
                List.of(new Address("127.0.0.1", 2379), new Address("::1", 2380)),
                Optional.of(new ServerTls(certificate, key, Optional.of(authority)))),
            new Api(Path.of("/run/mine.sock"), List.of(new Address("127.0.0.1", 49153)), 7),
            List.of()),
        configuration);
  }

  @Test
  void everyKeyOfEtcdIsHeard(@TempDir Path files) throws IOException {
    Path pem = Files.writeString(files.resolve("pem"), "");

    var configuration =
        read(
            """
            etcd_servers=["http://a:1", "https://b:2"]
            etcd_username=root
            etcd_password="p#w;d"
            etcd_cafile=%1$s
            etcd_certfile=%1$s
            etcd_keyfile=%1$s
            etcd_request_timeout=0.5
            """
                .formatted(pem));

    assertEquals(
        new Store.Etcd(
            "/_coreos.com/fleet/",
            List.of(URI.create("http://a:1"), URI.create("https://b:2")),
            Duration.ofMillis(500),
            Optional.of(new Credentials("root", "p#w;d")),
            Optional.of(pem),
            Optional.of(pem),
            Optional.of(pem)),
        configuration.store());
  }

  @Test
  void metadataReadsAsInFleet1() {
    assertEquals(metadata("a", "b", "c", "d"), read("metadata=\"a=b,c=d\"").agent().metadata());
    assertEquals(metadata("a", "b", "c", "d"), read("METADATA=a=b,c=d;x").agent().metadata());
    assertEquals(metadata("a", "b", "c", "d"), read("metadata=a=b,\\\nc=d").agent().metadata());
    assertEquals(metadata("a", "b", "f", ""), read("metadata='a=b , f='").agent().metadata());
    assertEquals(metadata("a", "2"), read("metadata=a=1,a=2").agent().metadata());
    assertEquals(metadata(), read("[sec]\nmetadata=a=b").agent().metadata());
  }

  @Test
  void quotesBeforeACommentAreQuotes() {
    assertEquals(
        metadata("a", "b", "c", "d"), read("metadata=\"a=b,c=d\" # disks").agent().metadata());
  }

  @Test
  void serversReadAsInFleet1() {
    var two = List.of(URI.create("http://a:1"), URI.create("http://b:2"));

    assertEquals(two, servers("etcd_servers=[\"http://a:1\", \"http://b:2\"]"));
    assertEquals(two, servers("etcd_servers=http://a:1,http://b:2"));
    assertEquals(two.subList(0, 1), servers("etcd_servers=http://a:1#x"));
  }

  private static List<URI> servers(String file) {
    return ((Store.Etcd) read(file).store()).servers();
  }

  @Test
  void theEnvironmentWinsEvenIfEmpty() {
    var environment = Map.of("FLEET_METADATA", "", "FLEET_AGENT_TTL", "5s", "PATH", "/bin");

    var agent = read("metadata=a=b\nagent_ttl=30s", environment).agent();

    assertEquals(metadata(), agent.metadata());
    assertEquals(Duration.ofSeconds(5), agent.ttl());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.3, 0.3", "1, 1", "1.0, 1", "0%, 0", "33.5%, 0.335", "100%, 1"})
  void aShareIsAFractionOrInPercent(String text, double share) {
    assertEquals(share, read("evict_share=" + text).engine().evictShare());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          token_limit=abc           | fleet.conf:1: token_limit: expected a whole number from 1 to 65535, found "abc"
          token_limit=0             | fleet.conf:1: token_limit: expected a whole number from 1 to 65535, found "0"
          token_limit=70000         | fleet.conf:1: token_limit: expected a whole number from 1 to 65535, found "70000"
          disable_engine=perhaps    | fleet.conf:1: disable_engine: expected true or false, found "perhaps"
          agent_ttl=30x             | fleet.conf:1: agent_ttl: expected a duration such as 30s, found "30x"
          agent_ttl=1s              | fleet.conf:1: agent_ttl: expected 2s or more, since etcd knows no shorter lease, found 1000ms
          agent_ttl=99999999999h    | fleet.conf:1: agent_ttl: expected a duration such as 30s, found "99999999999h"
          engine_reconcile_interval=x | fleet.conf:1: engine_reconcile_interval: expected a number of seconds above 0, such as 1.5, found "x"
          engine_reconcile_interval=0 | fleet.conf:1: engine_reconcile_interval: expected a number of seconds above 0, such as 1.5, found "0"
          evict_share=half          | fleet.conf:1: evict_share: expected a share from 0 to 1, such as 0.5 or 50%, found "half"
          evict_share=50            | fleet.conf:1: evict_share: expected a share from 0 to 1, such as 0.5 or 50%, found "50"
          evict_share=101%          | fleet.conf:1: evict_share: expected a share from 0 to 1, such as 0.5 or 50%, found "101%"
          evict_share=-0.1          | fleet.conf:1: evict_share: expected a share from 0 to 1, such as 0.5 or 50%, found "-0.1"
          metadata=a=b,e            | fleet.conf:1: metadata: expected key=value pairs, separated by commas, found "e"
          metadata==z               | fleet.conf:1: metadata: expected key=value pairs, separated by commas, found "=z"
          units_directory=units     | fleet.conf:1: units_directory: expected an absolute path, found "units"
          etcd_servers=localhost    | fleet.conf:1: etcd_servers: expected addresses such as http://10.0.0.1:2379, found "localhost"
          store_listen=:2379        | fleet.conf:1: store_listen: expected addresses such as 10.0.0.1:2379, found ":2379"
          store_listen=0.0.0.0      | fleet.conf:1: store_listen: expected addresses such as 10.0.0.1:2379, found "0.0.0.0"
          store_certfile=/nowhere   | fleet.conf:1: store_certfile: expected a file that can be read, found "/nowhere"
          etcd_key_prefix=/a b      | fleet.conf:1: etcd_key_prefix: expected a key without blanks, found "/a b"
          public_ip                 | fleet.conf: line 1: expected key=value, found "public_ip"
          a b=c                     | fleet.conf: line 1: expected key=value, found "a b=c"
          """)
  void aBadValueIsNamedWithWhatWasExpected(String line, String message) {
    String refusal = refusal(line);

    assertTrue(refusal.lines().toList().contains(message), refusal);
  }

  @Test
  void allProblemsAreNamedAtOnceAndWhereTheyStand() {
    assertEquals(
        """
        FLEET_AGENT_TTL: agent_ttl: expected a duration such as 30s, found "soon"
        fleet.conf:3: token_limit: expected a whole number from 1 to 65535, found "-1"
        fleet.conf:2: disable_engine: expected true or false, found "x"\
        """
            .lines()
            .sorted()
            .toList(),
        refusal("# ours\ndisable_engine=x\ntoken_limit=-1", Map.of("FLEET_AGENT_TTL", "soon"))
            .lines()
            .sorted()
            .toList());
  }

  @Test
  void anUnknownKeyIsNamedAndKeepsNobodyFromStarting() {
    assertEquals(
        List.of("fleet.conf:2: agent_tll has no effect: unknown key; did you mean agent_ttl?"),
        read("token_limit=7\nagent_tll=30s").warnings());
    assertEquals(List.of(), read("[section]\nagent_tll=30s", Map.of("FLEET_X", "1")).warnings());
  }

  @ParameterizedTest
  @CsvSource({
    "1,true",
    "t,true",
    "T,true",
    "TRUE,true",
    "true,true",
    "True,true",
    "yes,true",
    "on,true",
    "0,false",
    "f,false",
    "F,false",
    "FALSE,false",
    "false,false",
    "False,false",
    "no,false",
    "off,false"
  })
  void booleansReadAsInGoAndAsInSystemd(String text, boolean value) {
    assertEquals(!value, read("disable_engine=" + text).engine().enabled());
    assertEquals(value, read("systemd_user = '" + text + "'").agent().user());
  }

  @Test
  void linesReadAsInFleet1() {
    assertEquals(7, read("  TOKEN_LIMIT = 7  ").api().pageSize());
    assertEquals(7, read("token_limit=1\ntoken_limit=7").api().pageSize());
    assertEquals(7, read("# a\n; b\n\ntoken_limit=7 ; c\n[x]\ntoken_limit=8").api().pageSize());
    assertEquals(7, read("token_limit=\\\n7").api().pageSize());
    assertEquals(100, read("token_limit=").api().pageSize());
    assertEquals("a b", read("public_ip=a b").agent().publicIp().orElseThrow());
    assertEquals("a#b;c", read("public_ip='a#b;c'").agent().publicIp().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({"1.0,1000", "0.25,250", "2,2000", "1.5s,1500"})
  void secondsReadAsInFleet1(String text, long millis) {
    assertEquals(
        Duration.ofMillis(millis),
        read("engine_reconcile_interval=" + text).engine().reconcileInterval());
  }

  @Test
  void halfOfAPairIsAProblem() {
    assertTrue(
        refusal("etcd_servers=http://a:1\netcd_username=root")
            .contains("fleet.conf:2: etcd_username: expected etcd_password beside it, found none"));
  }

  @Test
  void whoCanDoWhatIsSaidOfAListenerThatAsksNobodyForACertificate() {
    assertEquals(
        List.of(
            "fleet.conf:1: store_listen 10.0.0.1:2379 asks nobody for a certificate: whoever"
                + " reaches it is root on every machine of the cluster, as they can start any unit"
                + " there; set store_certfile, store_keyfile and store_cafile, or see to it that"
                + " only machines of the cluster reach it",
            "FLEET_API_LISTEN: api_listen 0.0.0.0:49153 asks nobody for a certificate: whoever"
                + " reaches it is root on every machine of the cluster, as they can start any unit"
                + " there; see to it that only administrators reach it, or listen on 127.0.0.1 and"
                + " use fleetctl --tunnel"),
        read(
                "store_listen=127.0.0.1:2379, 10.0.0.1:2379",
                Map.of("FLEET_API_LISTEN", "0.0.0.0:49153, localhost:49153"))
            .warnings());
  }

  @Test
  void certificateOfTheServerAloneKeepsNobodyOut(@TempDir Path folder) throws IOException {
    Path pem = Files.writeString(folder.resolve("a.pem"), "");
    String server = "store_listen=[fd00::1]:2379\nstore_certfile=%1$s\nstore_keyfile=%1$s\n";

    assertEquals(1, read(server.formatted(pem)).warnings().size());
    assertEquals(List.of(), read((server + "store_cafile=%1$s\n").formatted(pem)).warnings());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "enable_grpc=true",
        "disable_watches=1",
        "verify_units=true",
        "authorized_keys_file=/x",
        "etcd_username=a\netcd_password=b",
        "store_keyfile=/etc/hosts\nstore_certfile=/etc/hosts",
        "etcd_servers=http://a:1\nstore_listen=127.0.0.1:1"
      })
  void whatHasNoEffectIsSaid(String file) {
    assertTrue(read(file).warnings().getFirst().contains("has no effect"), file);
  }
}
