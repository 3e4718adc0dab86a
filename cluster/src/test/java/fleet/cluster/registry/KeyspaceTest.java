package fleet.cluster.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.cluster.MachineId;
import fleet.cluster.registry.Keyspace.Key;
import fleet.unit.UnitName;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyspaceTest {

  private static final Keyspace KEYS = new Keyspace("/fleet");
  private static final MachineId MACHINE = new MachineId("a1");
  private static final UnitName.Placeable UNIT =
      (UnitName.Placeable) UnitName.parse("a\\x2d@b:c.service").orElseThrow();
  private static final UnitName TEMPLATE = UnitName.parse("a@.service").orElseThrow();

  @Test
  void everyKeyIsReadBackAsWhatItStandsFor() {
    assertEquals(Optional.of(new Key.Unit(UNIT)), KEYS.parse(KEYS.unit(UNIT)));
    assertEquals(Optional.of(new Key.Unit(TEMPLATE)), KEYS.parse(KEYS.unit(TEMPLATE)));
    assertEquals(Optional.of(new Key.OfMachine(MACHINE)), KEYS.parse(KEYS.machine(MACHINE)));
    assertEquals(Optional.of(new Key.Overlay(MACHINE)), KEYS.parse(KEYS.overlay(MACHINE)));
    assertEquals(
        Optional.of(new Key.Assigned(MACHINE, UNIT)), KEYS.parse(KEYS.assignment(MACHINE, UNIT)));
    assertEquals(Optional.of(new Key.State(MACHINE, UNIT)), KEYS.parse(KEYS.state(MACHINE, UNIT)));
    assertEquals(Optional.of(new Key.Evicted(MACHINE, false)), KEYS.parse(KEYS.evicted(MACHINE)));
    assertEquals(
        Optional.of(new Key.Evicted(MACHINE, true)), KEYS.parse(KEYS.formerlyEvicted(MACHINE)));
    assertEquals(Optional.of(new Key.Failed(UNIT)), KEYS.parse(KEYS.failures(UNIT)));
    assertEquals(Optional.of(new Key.Paused()), KEYS.parse(KEYS.pause()));
    assertEquals(Optional.of(new Key.Leader()), KEYS.parse(KEYS.leader()));
    assertEquals(Optional.of(new Key.Explained(UNIT)), KEYS.parse(KEYS.explanation(UNIT)));
    assertEquals(Optional.of(new Key.Shared("0a")), KEYS.parse(KEYS.reasons("0a")));
  }

  @Test
  void keysAreOldOnesBelowThePrefix() {
    assertEquals("/fleet/units/a\\x2d@b:c.service", KEYS.unit(UNIT));
    assertEquals("/fleet/assignments/a1/a\\x2d@b:c.service", KEYS.assignment(MACHINE, UNIT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/fleet",
        "/fleet/",
        "/other/units/a.service",
        "/fleet/units",
        "/fleet/units/",
        "/fleet/units/a",
        "/fleet/units/a.service/b",
        "/fleet/units/a b.service",
        "/fleet/machines/",
        "/fleet/assignments/a1/a@.service",
        "/fleet/assignments//a.service",
        "/fleet/assignments/a1",
        "/fleet/states/a1/x",
        "/fleet/leader/x",
        "/fleet/reasons",
        "/fleet/reasons/",
        "/fleet/reasons/0a/b",
        "/fleet/jobs/a.service"
      })
  void otherKeysAreNoneOfOurs(String key) {
    assertEquals(Optional.empty(), KEYS.parse(key));
  }
}
