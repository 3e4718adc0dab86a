package fleet.testing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Entry;
import fleet.cluster.store.Store.Op;
import fleet.cluster.store.StoreException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Reading keys and ranges, now and as they were.
interface RangeContract extends StoreFixture {

  @Test
  default void rangeHoldsTheKeysUnderThePrefixAndNoOthers() throws InterruptedException {
    for (String name : List.of("a", "b", "b/", "b/1", "b0", "c")) {
      put(name, "");
    }

    assertEquals(List.of("b/=", "b/1="), values(store().range(key("b/"))));
    assertEquals(List.of("b=", "b/=", "b/1=", "b0="), values(store().range(key("b"))));
    assertEquals(List.of(), values(store().range(key("d"))));
  }

  @Test
  default void everyKeyIsUnderTheEmptyPrefix() throws InterruptedException {
    long a = put("a", "1");
    long b = put("b", "2");

    var all = store().range("").entries();

    assertEquals(new Entry("1", a, a, 0), all.get(key("a")));
    assertEquals(new Entry("2", b, b, 0), all.get(key("b")));
  }

  @Test
  default void keysAreSorted() throws InterruptedException {
    List<String> sorted =
        List.of(
            "",
            "\u0000",
            "\u0000a",
            " ",
            "a",
            "a\u0000",
            "aa",
            "z",
            "\u007f",
            "\u0080",
            "é",
            "\u07ff",
            "\u0800",
            "\ud7ff",
            "\ud800\udc00",
            "\ud83d\ude00",
            "\udbff\udfff",
            "\udbff\udfffa",
            "\ue000",
            "\uffff");
    for (String name : sorted.reversed()) {
      put(name, "x");
    }

    assertEquals(sorted.stream().map(name -> name + "=x").toList(), values());
  }

  @Test
  default void prefixThatEndsWithTheLastOfItsKindEndsWhereItShould() throws InterruptedException {
    for (String end : List.of("\u007f", "\u07ff", "\ud7ff", "\uffff", "\udbff\udfff")) {
      put("x" + end, "in");
      put("x" + end + "\udbff\udfff\udbff\udfff", "in");
    }
    put("y", "out");

    for (String end : List.of("\u007f", "\u07ff", "\ud7ff", "\uffff", "\udbff\udfff")) {
      assertEquals(
          List.of("x" + end + "=in", "x" + end + "\udbff\udfff\udbff\udfff=in"),
          values(store().range(key("x" + end))));
    }
  }

  @Test
  default void rangeAtARevisionIsAsItWasThen() throws InterruptedException {
    long first = put("a", "1");
    long second = put("b", "1");
    long third = put("a", "2");
    long fourth = delete("b");
    long fifth = put("b", "3");

    assertEquals(List.of(), values(store().range(prefix(), first - 1)));
    assertEquals(List.of("a=1"), values(store().range(prefix(), first)));
    assertEquals(List.of("a=1", "b=1"), values(store().range(prefix(), second)));
    assertEquals(List.of("a=2", "b=1"), values(store().range(prefix(), third)));
    assertEquals(List.of("a=2"), values(store().range(prefix(), fourth)));
    assertEquals(List.of("a=2", "b=3"), values(store().range(prefix(), fifth)));
    assertEquals(values(), values(store().range(prefix(), fifth)));
    assertEquals(
        new Entry("1", first, first, 0), store().range(prefix(), second).entries().get(key("a")));
  }

  @Test
  default void rangeSaysItsRevision() throws InterruptedException {
    long first = put("a", "1");
    long second = put("a", "2");

    assertEquals(first, store().range(prefix(), first).revision());
    assertTrue(store().range(prefix()).revision() >= second);
  }

  @Test
  default void revisionBeforeACompactionIsGoneAndThatOfItIsNot() throws Exception {
    long first = put("a", "1");
    long second = put("b", "2");
    long third = delete("a");
    long fourth = put("c", "4");

    compact(third);

    for (long gone : new long[] {first, second}) {
      var failure =
          assertThrows(StoreException.Compacted.class, () -> store().range(prefix(), gone));
      assertEquals(third, failure.oldest());
    }
    assertEquals(List.of("b=2"), values(store().range(prefix(), third)));
    assertEquals(List.of("b=2", "c=4"), values(store().range(prefix(), fourth)));
  }

  @Test
  default void revisionThatIsYetToComeIsUnavailable() throws InterruptedException {
    long now = put("a", "1");

    assertThrows(StoreException.Unavailable.class, () -> store().range(prefix(), now + 1_000_000));
  }

  @Test
  default void rangeMayHoldManyKeys() throws InterruptedException {
    putMany(2_500, "v");

    var range = store().range(prefix());

    assertEquals(2_500, range.entries().size());
    assertEquals(key("00000"), range.entries().firstKey());
    assertEquals(key("02499"), range.entries().lastKey());
  }

  @Test
  default void rangeMayBeLarge() throws InterruptedException {
    String large = "x".repeat(1_400_000);
    for (int i = 0; i < 5; i++) {
      put("large" + i, large);
    }

    var range = store().range(prefix());

    assertEquals(5, range.entries().size());
    assertTrue(range.entries().values().stream().allMatch(entry -> entry.value().equals(large)));
    store().commit(List.of(), range.entries().keySet().stream().<Op>map(Op.Delete::new).toList());
  }

  @Test
  default void readFindsWhatIsBoundToTheKey() throws InterruptedException {
    long created = put("a", "1");
    long changed = put("a", "2");

    assertEquals(Optional.of(new Entry("2", created, changed, 0)), store().read(key("a")));
  }

  @Test
  default void readFindsNothingWhereNothingIsBound() throws InterruptedException {
    put("ab", "1");

    assertEquals(Optional.empty(), store().read(key("a")));
    assertEquals(Optional.empty(), store().read(key("abc")));
  }

  @Test
  default void valueIsAnyText() throws InterruptedException {
    for (String value : List.of("", "\u0000", "line\nline\r\n", "é\uffff\ud83d\ude00")) {
      put("a", value);

      assertEquals(value, store().read(key("a")).orElseThrow().value());
    }
  }

  @Test
  default void whatIsNoTextIsDenied() {
    assertThrows(StoreException.Denied.class, () -> store().read(""));
    assertThrows(StoreException.Denied.class, () -> store().read(key("\ud83d")));
    assertThrows(StoreException.Denied.class, () -> store().range(key("\ude00")));
    assertThrows(StoreException.Denied.class, () -> put("\ude00\ud83d", "x"));
    assertThrows(StoreException.Denied.class, () -> put("a", "\ud83d"));
  }

  @Test
  default void closedStoreIsUnavailable() throws InterruptedException {
    Store store = another();
    store.close();

    assertThrows(StoreException.Unavailable.class, () -> store.range(prefix()));
    assertThrows(StoreException.Unavailable.class, () -> store.read(key("a")));
    assertEquals(
        Store.Commit.Unknown.class,
        store.commit(List.of(), List.of(new Op.Delete(key("a")))).getClass());
    store.close();
  }
}
