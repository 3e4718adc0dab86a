package fleet.scheduler.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// The strongly connected components of a graph, each after those that it depends on (R. Tarjan,
/// *Depth-first search and linear graph algorithms*, 1972).
///
/// Without recursion, since users can write chains longer than a stack is deep.
final class Components<T extends Comparable<T>> {

  /// A node that has been reached.
  private static final class Visit<T> {
    final T node;
    final int number;
    final Iterator<T> dependencies;

    /// The lowest number of an open node that can be reached from here, as far as is known.
    int low;

    boolean open = true;

    Visit(T node, int number, Iterator<T> dependencies) {
      this.node = node;
      this.number = number;
      this.low = number;
      this.dependencies = dependencies;
    }
  }

  private final Function<T, List<T>> dependencies;
  private final SortedMap<T, Visit<T>> visits = new TreeMap<>();
  private final Deque<Visit<T>> path = new ArrayDeque<>();
  private final Deque<Visit<T>> open = new ArrayDeque<>();
  private final List<List<T>> groups = new ArrayList<>();

  /// @param nodes in the order in which they should come where dependencies leave a choice
  Components(List<T> nodes, Function<T, List<T>> dependencies) {
    this.dependencies = dependencies;
    for (T node : nodes) {
      if (!visits.containsKey(node)) {
        enter(node);
        explore();
      }
    }
  }

  List<List<T>> groups() {
    return groups;
  }

  private void enter(T node) {
    var visit = new Visit<>(node, visits.size(), dependencies.apply(node).iterator());
    visits.put(node, visit);
    path.push(visit);
    open.push(visit);
  }

  private void explore() {
    while (!path.isEmpty()) {
      Visit<T> here = path.element();
      if (here.dependencies.hasNext()) {
        follow(here, here.dependencies.next());
      } else {
        path.pop();
        leave(here);
      }
    }
  }

  private void follow(Visit<T> here, T dependency) {
    Visit<T> there = visits.get(dependency);
    if (there == null) {
      enter(dependency);
    } else if (there.open) {
      here.low = Math.min(here.low, there.number);
    }
  }

  private void leave(Visit<T> here) {
    if (!path.isEmpty()) {
      path.element().low = Math.min(path.element().low, here.low);
    }
    if (here.low == here.number) {
      close(here);
    }
  }

  private void close(Visit<T> first) {
    var group = new ArrayList<T>();
    Visit<T> last;
    do {
      last = open.pop();
      last.open = false;
      group.add(last.node);
    } while (last != first);
    group.sort(null);
    groups.add(group);
  }
}
