package fleet.cluster.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import fleet.cluster.Explanation;
import fleet.cluster.MachineId;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.env.SystemEnvironment;
import fleet.cluster.store.Store.Op;
import fleet.testing.store.MemoryStore;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Explanations whose reasons lie under a key of their own, on the memory store.
class SharedReasonsTest {

  private static final UnitName WEB = UnitName.parse("web.service").orElseThrow();
  private static final UnitName APP = UnitName.parse("app.service").orElseThrow();
  private static final String SUMMARY = "none of 2 machines can take it";
  private static final Reasons REASONS = Reasons.of(vetoes("needs disk=ssd"));
  private static final String MISSING =
      SUMMARY + " (what each machine has against it is missing in the store)";

  private final SystemEnvironment environment = new SystemEnvironment();
  private final MemoryStore store = new MemoryStore(environment);
  private final Registry registry = new Registry(store, new Keyspace("/fleet/"));
  private final Signal changed = environment.signal("test");
  private ClusterMirror mirror;

  @BeforeEach
  void open() throws Exception {
    mirror = registry.mirror(changed);
  }

  @AfterEach
  void close() {
    mirror.close();
    store.close();
  }

  private static SortedMap<MachineId, String> vetoes(String veto) {
    var vetoes = new TreeMap<MachineId, String>();
    vetoes.put(new MachineId("aaaa"), veto);
    vetoes.put(new MachineId("bbbb"), veto);
    return vetoes;
  }

  private void decide(Decision... decisions) throws InterruptedException {
    long lease = store.grant(Duration.ofMinutes(1));
    store.commit(List.of(), List.of(new Op.Delete("/fleet/leader")));
    var term = registry.campaign(new MachineId("aaaa"), lease).orElseThrow();
    registry.commit(term, List.of(decisions), lease);
  }

  private void write(String key, String value) {
    store.commit(List.of(), List.of(new Op.Put(key, value, 0)));
  }

  private Optional<Explanation> said(UnitName unit) throws InterruptedException {
    mirror.refresh();
    return Optional.ofNullable(mirror.snapshot().explanations().get(unit));
  }

  @Test
  void unitsThatShareTheirReasonsHaveOneExplanation() throws Exception {
    decide(
        new Decision.Share(REASONS),
        new Decision.ExplainBy(APP, SUMMARY, REASONS.name()),
        new Decision.ExplainBy(WEB, SUMMARY, REASONS.name()));

    assertEquals(Optional.of(new Explanation(SUMMARY, vetoes("needs disk=ssd"))), said(WEB));
    assertSame(said(APP).orElseThrow(), said(WEB).orElseThrow());
    assertEquals(List.of(REASONS.name()), List.copyOf(mirror.snapshot().reasons()));
    assertEquals(new TreeMap<>(), mirror.problems());
  }

  @Test
  void unitsThatWaitForTheSameInOtherWordsHaveTheirOwn() throws Exception {
    decide(
        new Decision.Share(REASONS),
        new Decision.ExplainBy(APP, "its machine is gone", REASONS.name()),
        new Decision.ExplainBy(WEB, SUMMARY, REASONS.name()));

    assertEquals("its machine is gone", said(APP).orElseThrow().summary());
    assertEquals(SUMMARY, said(WEB).orElseThrow().summary());
    assertEquals(said(APP).orElseThrow().vetoes(), said(WEB).orElseThrow().vetoes());
  }

  @Test
  void whatRefersToReasonsThatAreMissingSaysSoUntilTheyCome() throws Exception {
    decide(new Decision.ExplainBy(WEB, SUMMARY, REASONS.name()));

    assertEquals(Optional.of(new Explanation(MISSING, new TreeMap<>())), said(WEB));
    assertEquals(
        "{/fleet/explanations/web.service=reasons: expected /fleet/reasons/"
            + REASONS.name()
            + ", found nothing of use there}",
        mirror.problems().toString());

    decide(new Decision.Share(REASONS));
    assertEquals(Optional.of(new Explanation(SUMMARY, vetoes("needs disk=ssd"))), said(WEB));
    assertEquals(new TreeMap<>(), mirror.problems());

    decide(new Decision.Unshare(REASONS.name()));
    assertEquals(Optional.of(new Explanation(MISSING, new TreeMap<>())), said(WEB));
    assertEquals(1, mirror.problems().size());

    decide(new Decision.Unexplain(WEB));
    assertEquals(Optional.empty(), said(WEB));
    assertEquals(new TreeMap<>(), mirror.problems());
  }

  @Test
  void reasonsThatAreSpoiledAreMissing() throws Exception {
    decide(new Decision.Share(REASONS), new Decision.ExplainBy(WEB, SUMMARY, REASONS.name()));
    write("/fleet/reasons/" + REASONS.name(), Reasons.of(vetoes("something else")).text());

    assertEquals(Optional.of(new Explanation(MISSING, new TreeMap<>())), said(WEB));
    assertEquals(List.of(), List.copyOf(mirror.snapshot().reasons()));
    assertEquals(
        List.of("/fleet/explanations/web.service", "/fleet/reasons/" + REASONS.name()),
        List.copyOf(mirror.problems().keySet()));
  }

  @Test
  void whatAFormerFleetHasWrittenIsReadAsItWas() throws Exception {
    write(
        "/fleet/explanations/web.service",
        "{\"summary\":\"" + SUMMARY + "\",\"vetoes\":{\"aaaa\":\"v\",\"bbbb\":\"v\"}}");

    assertEquals(Optional.of(new Explanation(SUMMARY, vetoes("v"))), said(WEB));
  }

  @Test
  void aFreshMirrorReadsTheSame() throws Exception {
    decide(
        new Decision.Share(REASONS),
        new Decision.ExplainBy(APP, SUMMARY, REASONS.name()),
        new Decision.ExplainBy(WEB, SUMMARY, REASONS.name()));
    decide(new Decision.Explain(APP, new Explanation("it has its own", new TreeMap<>())));
    mirror.refresh();

    try (var fresh = registry.mirror(changed)) {
      assertEquals(fresh.snapshot(), mirror.snapshot());
    }
    decide(new Decision.Unexplain(WEB), new Decision.Unshare(REASONS.name()));
    mirror.refresh();
    try (var fresh = registry.mirror(changed)) {
      assertEquals(fresh.snapshot(), mirror.snapshot());
    }
  }
}
