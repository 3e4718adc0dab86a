package fleet.testing.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {

  /// Something done to a register that holds a number, 0 at first.
  private sealed interface Act {
    record Read(int found) implements Act {}

    record Write(int value) implements Act {}

    /// @param answer whether it was done; empty if there was no answer
    record Swap(int expected, int value, Optional<Boolean> answer) implements Act {}
  }

  private static final class Register implements Model<Integer, Act> {
    @Override
    public Integer initial() {
      return 0;
    }

    @Override
    public Optional<Integer> after(Integer state, Act act) {
      return switch (act) {
        case Act.Read(var found) -> Optional.of(state).filter(value -> value == found);
        case Act.Write(var value) -> Optional.of(value);
        case Act.Swap(var expected, var value, var answer) -> {
          boolean fits = state == expected;
          yield answer.isPresent() && answer.get() != fits
              ? Optional.empty()
              : Optional.of(fits ? value : state);
        }
      };
    }
  }

  private static Operation<Act> read(int found, long called, long returned) {
    return new Operation<>(new Act.Read(found), called, returned);
  }

  private static Operation<Act> write(int value, long called, long returned) {
    return new Operation<>(new Act.Write(value), called, returned);
  }

  private static Operation<Act> swap(
      int expected, int value, boolean done, long called, long returned) {
    return new Operation<>(new Act.Swap(expected, value, Optional.of(done)), called, returned);
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static boolean isLinearizable(Operation<Act>... history) {
    return Linearizability.violation(new Register(), List.of(history)).isEmpty();
  }

  @Test
  void whatOverlapsMayHaveHappenedInAnyOrder() {
    assertTrue(isLinearizable());
    assertTrue(isLinearizable(write(1, 0, 10), read(0, 1, 2), read(1, 3, 4)));
    assertTrue(isLinearizable(write(1, 0, 10), write(2, 0, 10), read(1, 11, 12)));
    assertTrue(isLinearizable(write(1, 0, 10), write(2, 5, 15), read(2, 6, 7), read(1, 8, 20)));
    assertTrue(isLinearizable(swap(0, 1, true, 0, 9), swap(0, 2, false, 0, 9), read(1, 10, 11)));
  }

  @Test
  void whatWasAnsweredIsThereForWhoeverAsksLater() {
    assertFalse(isLinearizable(write(1, 0, 1), read(0, 2, 3)), "stale");
    assertFalse(isLinearizable(write(1, 0, 9), read(1, 1, 2), read(0, 3, 4)), "back in time");
    assertFalse(isLinearizable(read(7, 0, 1)), "from nowhere");
    assertFalse(isLinearizable(swap(0, 1, true, 0, 9), swap(0, 2, true, 0, 9)), "both won");
    assertFalse(isLinearizable(write(1, 0, 1), swap(0, 2, true, 2, 3)), "lost update");
  }

  @Test
  void whatWasNotAnsweredMayHappenLaterOrNever() {
    long never = Operation.NEVER;

    assertTrue(isLinearizable(write(1, 0, never), read(0, 5, 6), read(1, 7, 8)));
    assertTrue(isLinearizable(write(1, 0, never), read(0, 5, 6)));
    assertFalse(isLinearizable(write(1, 4, never), read(1, 2, 3)), "before it was asked");
    assertFalse(
        isLinearizable(write(1, 0, never), write(2, 1, 2), read(1, 3, 4), read(2, 5, 6)), "undone");
  }

  @Test
  void aViolationSaysWhatCannotBeNext() {
    var history = List.of(write(1, 0, 1), read(0, 2, 3));

    assertEquals(
        Optional.of(
            """
            after 1 of 2 operations, which may come to 1, none of these can be next:
            2…3 Read[found=0]\
            """),
        Linearizability.violation(new Register(), history));
  }

  @Test
  void itAgreesWithTryingAllOrders() {
    var random = new SplittableRandom(20_261_122);
    int linearizable = 0;
    for (int i = 0; i < 20_000; i++) {
      List<Operation<Act>> history = history(random);
      boolean expected = tryAll(history, 0);

      boolean found = Linearizability.violation(new Register(), history).isEmpty();

      assertEquals(expected, found, history::toString);
      linearizable += expected ? 1 : 0;
    }
    assertTrue(linearizable > 4_000 && linearizable < 16_000, "of either kind: " + linearizable);
  }

  /// That there is no order is known only when all are ruled out, and what was not answered may
  /// have been done anywhere in each.
  @Test
  void muchThatWasNotAnsweredDoesNotMultiplyTheOrders() {
    var random = new SplittableRandom(2);
    var history = new ArrayList<Operation<Act>>();
    for (int i = 0; i < 100; i++) {
      history.add(write(1 + i % 4, 0, Operation.NEVER));
    }
    for (int at = 1; at < 60; at++) {
      history.add(read(1 + random.nextInt(4), at * 10L, at * 10L + random.nextInt(20)));
    }

    assertEquals(Optional.empty(), Linearizability.violation(new Register(), history));
    history.add(read(9, 1_000, 1_001));
    assertTrue(Linearizability.violation(new Register(), history).isPresent());
  }

  @Test
  void longHistoriesOfManyClientsAreChecked() {
    var random = new SplittableRandom(1);
    var history = new ArrayList<Operation<Act>>();
    int state = 0;
    for (int at = 0; at < 4_000; at++) {
      long called = at * 10L - random.nextInt(80);
      long returned = at * 10L + random.nextInt(80);
      if (random.nextBoolean()) {
        state = random.nextInt(5);
        history.add(write(state, called, returned));
      } else {
        history.add(read(state, called, returned));
      }
    }

    assertEquals(Optional.empty(), Linearizability.violation(new Register(), history));
    history.add(read(9, 500, 600));
    assertTrue(Linearizability.violation(new Register(), history).isPresent());
  }

  /// Which of many equal things that were never answered has happened makes no difference: to try
  /// one of them will do, or this would take for ever.
  @Test
  void itIsNotTriedWhichOfEqualThingsHasHappened() {
    var history = new ArrayList<Operation<Act>>();
    for (int at = 0; at < 400; at += 4) {
      history.add(write(at % 3, at, Operation.NEVER));
      history.add(read(at % 3, at + 1, at + 2));
    }
    history.add(read(7, 401, 402));

    assertTrue(Linearizability.violation(new Register(), history).isPresent());
  }

  private static List<Operation<Act>> history(SplittableRandom random) {
    var history = new ArrayList<Operation<Act>>();
    int size = random.nextInt(1, 7);
    for (int i = 0; i < size; i++) {
      long called = random.nextInt(12);
      boolean answered = random.nextInt(4) > 0;
      long returned = answered ? called + random.nextInt(8) : Operation.NEVER;
      int value = random.nextInt(3);
      Act act =
          switch (random.nextInt(3)) {
            case 0 -> new Act.Read(value);
            case 1 -> new Act.Write(value);
            default ->
                new Act.Swap(
                    random.nextInt(3),
                    value,
                    answered ? Optional.of(random.nextBoolean()) : Optional.empty());
          };
      history.add(new Operation<>(act, called, returned));
    }
    return history;
  }

  /// Whether what is left can follow on `state`: done first may be whatever was called before
  /// anything of the rest had returned.
  private static boolean tryAll(List<Operation<Act>> left, int state) {
    if (left.stream().allMatch(operation -> operation.returned() == Operation.NEVER)) {
      return true;
    }
    for (Operation<Act> first : left) {
      var rest = new ArrayList<>(left);
      rest.remove(rest.indexOf(first));
      boolean mayBeFirst = rest.stream().allMatch(other -> first.called() <= other.returned());
      if (mayBeFirst
          && new Register()
              .after(state, first.what())
              .filter(next -> tryAll(rest, next))
              .isPresent()) {
        return true;
      }
    }
    return false;
  }
}
