package fleet.testing.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Whether a history is linearizable: whether each operation can have taken effect at one instant
/// between its call and its return, so that all answers are those of the [Model].
///
/// The algorithm is Wing's and Gong's (*Testing and Verifying Concurrent Objects*, 1993), which
/// tries which of the operations that overlap comes next, and goes back where it was wrong, with
/// Lowe's refinement (*Testing for Linearizability*, 2017): where it has been before, having done
/// the same operations and come to the same state, it need not go again. A history of things that
/// do not know of each other, such as keys, is linearizable if that of each is (Herlihy and Wing,
/// 1990), and much faster to check so (Horn and Kroening, *Faster linearizability checking via
/// P-compositionality*, 2015): give each to a check of its own.
///
/// An operation without an answer has a call and no return. It may be done at any time after its
/// call, and need not be done at all: the search ends when all that was answered is done. Where it
/// has been before with the same answers and in the same state, and had then done nothing
/// unanswered that it has not done now, it need not go again either: whatever can follow now could
/// then.
public final class Linearizability<S, O> {

  /// How many operations a report tells of.
  private static final int SHOWN = 20;

  /// A call or a return, in a list from which those of operations that are done are taken out.
  private static final class Event {
    final int operation;

    /// The return of a call that was answered; a return has none.
    final @Nullable Event match;

    final boolean call;
    @Nullable Event before;
    @Nullable Event after;

    Event(int operation, boolean call, @Nullable Event match) {
      this.operation = operation;
      this.call = call;
      this.match = match;
    }

    void takeOut() {
      if (before != null) {
        before.after = after;
      }
      if (after != null) {
        after.before = before;
      }
    }

    void putBack() {
      if (before != null) {
        before.after = this;
      }
      if (after != null) {
        after.before = this;
      }
    }
  }

  /// What has been done of all that was answered, in whatever order, and what it came to.
  private record Configuration<S>(BitSet answered, S state) {}

  /// The calls that may come next in some state.
  private static final class Choice<S> {
    final S before;
    final Iterator<Event> candidates;
    @Nullable Event chosen;

    Choice(S before, List<Event> candidates) {
      this.before = before;
      this.candidates = candidates.iterator();
    }
  }

  private final Model<S, O> model;
  private final List<Operation<O>> operations;
  private final Event head = new Event(-1, false, null);
  private final BitSet done = new BitSet();
  private final BitSet unanswered = new BitSet();

  /// With which of the unanswered done it has been there: no set of them contains another.
  private final Map<Configuration<S>, List<BitSet>> visited = new HashMap<>();

  private final Deque<Choice<S>> choices = new ArrayDeque<>();
  private S state;
  private int answersLeft;

  /// The furthest that any order came, and the state there.
  private BitSet best = new BitSet();

  private S bestState;

  private Linearizability(Model<S, O> model, Collection<Operation<O>> history) {
    this.model = model;
    this.state = model.initial();
    this.bestState = state;
    this.operations = history.stream().sorted(Comparator.comparingLong(Operation::called)).toList();
    link();
  }

  /// @return why the history is not linearizable; empty if it is
  public static <S, O> Optional<String> violation(
      Model<S, O> model, Collection<Operation<O>> history) {
    var check = new Linearizability<>(model, history);
    return check.search() ? Optional.empty() : Optional.of(check.report());
  }

  /// Calls come before returns of the same instant: where we cannot tell, they overlapped.
  private void link() {
    record Timed(long at, Event event) {}
    var events = new ArrayList<Timed>();
    for (int i = 0; i < operations.size(); i++) {
      Operation<O> operation = operations.get(i);
      @Nullable Event end = null;
      if (operation.returned() != Operation.NEVER) {
        answersLeft++;
        end = new Event(i, false, null);
        events.add(new Timed(operation.returned(), end));
      } else {
        unanswered.set(i);
      }
      events.add(new Timed(operation.called(), new Event(i, true, end)));
    }
    events.sort(
        Comparator.comparingLong(Timed::at).thenComparingInt(timed -> timed.event().call ? 0 : 1));
    Event last = head;
    for (Timed timed : events) {
      last.after = timed.event();
      timed.event().before = last;
      last = timed.event();
    }
  }

  private boolean search() {
    if (answersLeft == 0) {
      return true;
    }
    choices.push(new Choice<>(state, candidates()));
    while (!choices.isEmpty()) {
      Choice<S> choice = choices.element();
      if (choice.chosen != null) {
        takeBack(choice, choice.chosen);
      }
      if (!choice.candidates.hasNext()) {
        choices
            .pop(); // something was answered, and nothing that may come first leads to its answer
      } else if (tryNext(choice, choice.candidates.next())) {
        if (answersLeft == 0) {
          return true;
        }
        choices.push(new Choice<>(state, candidates()));
      }
    }
    return false;
  }

  /// What was called before anything that is left had returned. Whatever is answered first is tried
  /// first, and what is not answered last, so that nothing is done before it must or helps: what is
  /// done too early is found out late. Of equal things the first will do, since they can change
  /// places.
  private List<Event> candidates() {
    var candidates = new ArrayList<Event>();
    for (Event event = head.after; event != null && event.call; event = event.after) {
      candidates.add(event);
    }
    candidates.sort(
        Comparator.comparingLong((Event event) -> operations.get(event.operation).returned())
            .thenComparingLong(event -> operations.get(event.operation).called()));
    var different = new HashSet<O>();
    candidates.removeIf(event -> !different.add(operations.get(event.operation).what()));
    return candidates;
  }

  private boolean tryNext(Choice<S> choice, Event call) {
    Optional<S> next = model.after(state, operations.get(call.operation).what());
    if (next.isEmpty() || (call.match == null && next.get().equals(state))) {
      return false; // it cannot have been, or need not
    }
    done.set(call.operation);
    if (!visit(next.get())) {
      done.clear(call.operation);
      return false;
    }
    choice.chosen = call;
    state = next.get();
    call.takeOut();
    if (call.match != null) {
      call.match.takeOut();
      answersLeft--;
    }
    if (done.cardinality() > best.cardinality()) {
      best = (BitSet) done.clone();
      bestState = state;
    }
    return true;
  }

  /// @return whether that may lead to anything new
  private boolean visit(S next) {
    BitSet answered = (BitSet) done.clone();
    answered.andNot(unanswered);
    BitSet used = (BitSet) done.clone();
    used.and(unanswered);
    var before =
        visited.computeIfAbsent(new Configuration<>(answered, next), _ -> new ArrayList<>());
    if (before.stream().anyMatch(less -> contains(used, less))) {
      return false;
    }
    before.removeIf(more -> contains(more, used));
    before.add(used);
    return true;
  }

  private static boolean contains(BitSet all, BitSet some) {
    BitSet rest = (BitSet) some.clone();
    rest.andNot(all);
    return rest.isEmpty();
  }

  private void takeBack(Choice<S> choice, Event call) {
    choice.chosen = null;
    state = choice.before;
    done.clear(call.operation);
    if (call.match != null) {
      call.match.putBack();
      answersLeft++;
    }
    call.putBack();
  }

  private String report() {
    return "after %d of %d operations, which may come to %s, none of these can be next:\n%s"
        .formatted(
            best.cardinality(),
            operations.size(),
            bestState,
            IntStream.range(0, operations.size())
                .filter(i -> !best.get(i))
                .limit(SHOWN)
                .mapToObj(i -> operations.get(i).toString())
                .collect(Collectors.joining("\n")));
  }
}
