package fleet.testing.time;

import fleet.testing.time.VirtualEnvironment.Fiber;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// When each task goes on: a heap of tasks, each there at most once and knowing its place.
final class Agenda {

  private @Nullable Fiber[] heap = new Fiber[64];
  private int size;

  /// Who is next; null if nobody is.
  @Nullable Fiber first() {
    return heap[0];
  }

  /// Has a task go on at `at`, unless it is to go on earlier.
  ///
  /// @param tie decides among those of one instant
  void put(Fiber fiber, long at, long tie) {
    if (fiber.place < 0) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      fiber.at = at;
      fiber.tie = tie;
      rise(fiber, size++);
    } else if (at < fiber.at || (at == fiber.at && tie < fiber.tie)) {
      fiber.at = at;
      fiber.tie = tie;
      rise(fiber, fiber.place);
    }
  }

  /// Takes off the next.
  void removeFirst() {
    Fiber first = heap[0];
    Fiber last = heap[--size];
    heap[size] = null;
    if (first != null && last != null) {
      first.place = -1;
      if (size > 0) {
        sink(last);
      }
    }
  }

  private void rise(Fiber fiber, int from) {
    int place = from;
    while (place > 0) {
      int above = (place - 1) / 2;
      Fiber parent = heap[above];
      if (parent == null || parent.isBefore(fiber)) {
        break;
      }
      settle(parent, place);
      place = above;
    }
    settle(fiber, place);
  }

  /// Brings one that has been last to where it belongs.
  private void sink(Fiber fiber) {
    int place = 0;
    while (true) {
      int below = 2 * place + 1;
      Fiber child = below < size ? heap[below] : null;
      Fiber other = below + 1 < size ? heap[below + 1] : null;
      if (child != null && other != null && other.isBefore(child)) {
        child = other;
        below++;
      }
      if (child == null || fiber.isBefore(child)) {
        break;
      }
      settle(child, place);
      place = below;
    }
    settle(fiber, place);
  }

  private void settle(Fiber fiber, int place) {
    heap[place] = fiber;
    fiber.place = place;
  }
}
