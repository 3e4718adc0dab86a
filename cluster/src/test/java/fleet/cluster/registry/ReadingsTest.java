package fleet.cluster.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import fleet.cluster.DesiredUnit;
import fleet.cluster.Restarts;
import fleet.cluster.TargetState;
import fleet.cluster.store.Store.Op;
import fleet.testing.store.MemoryStore;
import fleet.testing.time.VirtualEnvironment;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadingsTest {

  private final VirtualEnvironment world = new VirtualEnvironment(1);
  private final MemoryStore store = new MemoryStore(world);
  private final Keyspace keys = new Keyspace("/fleet/");
  private final Registry registry = new Registry(store, keys);
  private final UnitName web = name("web.service");

  @BeforeEach
  void thereIsAUnit() throws InterruptedException {
    registry.create(unit(web, "first"));
  }

  @Test
  void mirrorsThatAreOpenTogetherHaveTheSameUnits() throws InterruptedException {
    try (var one = mirror();
        var other = mirror()) {
      assertSame(of(one, web), of(other, web));
    }
  }

  @Test
  void nothingIsKeptWhenNobodyMirrorsTheCluster() throws InterruptedException {
    DesiredUnit before;
    try (var mirror = mirror()) {
      before = of(mirror, web);
    }

    try (var mirror = mirror()) {
      assertEquals(before, of(mirror, web));
      assertNotSame(before, of(mirror, web));
    }
  }

  @Test
  void aMirrorThatHasFallenBehindTurnsNobodyBack() throws InterruptedException {
    try (var behind = mirror();
        var ahead = mirror()) {
      var changed = unit(web, "second");
      registry.replace(changed, registry.unit(web).orElseThrow().revision());
      ahead.refresh();

      assertEquals(unit(web, "first"), of(behind, web));
      assertEquals(changed, of(ahead, web));
      try (var late = mirror()) {
        assertEquals(changed, of(late, web));
      }
    }
  }

  @Test
  void aUnitThatComesBackIsReadAsItIsThen() throws InterruptedException {
    try (var mirror = mirror()) {
      registry.destroy(web, registry.unit(web).orElseThrow().revision());
      mirror.refresh();
      assertEquals(new TreeMap<>(), mirror.snapshot().units());

      var again = unit(web, "again");
      registry.create(again);
      mirror.refresh();
      assertEquals(again, of(mirror, web));
    }
  }

  @Test
  void manyAreReadLikeFew() throws InterruptedException {
    var expected = new TreeMap<UnitName, DesiredUnit>();
    expected.put(web, unit(web, "first"));
    for (int i = 0; i < 3_000; i++) {
      var unit = unit(name("many" + i + ".service"), "number " + i);
      expected.put(unit.name(), unit);
      registry.create(unit);
    }
    store.commit(List.of(), List.of(new Op.Put(keys.unit(name("bad.service")), "{", 0)));

    try (var mirror = mirror()) {
      assertEquals(expected, mirror.snapshot().units());
      assertEquals(Set.of(keys.unit(name("bad.service"))), mirror.problems().keySet());
    }
  }

  private ClusterMirror mirror() throws InterruptedException {
    return registry.mirror(world.signal("changed"));
  }

  private static DesiredUnit of(ClusterMirror mirror, UnitName name) {
    return Objects.requireNonNull(mirror.snapshot().units().get(name));
  }

  private static UnitName name(String text) {
    return UnitName.parse(text).orElseThrow();
  }

  private static DesiredUnit unit(UnitName name, String description) {
    return DesiredUnit.of(
        name,
        UnitFile.parse("[Unit]\nDescription=" + description + "\n").orElseThrow(),
        TargetState.INACTIVE,
        Restarts.NONE);
  }
}
