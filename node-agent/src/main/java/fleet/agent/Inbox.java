package fleet.agent;

import fleet.agent.unit.UnitEvent;
import fleet.agent.unit.UnitEvent.Assigned;
import fleet.cluster.env.Environment.Signal;
import java.util.ArrayList;
import java.util.List;

/// What the tasks of an agent have to tell the loop that owns the records of units. Any task may
/// offer; nothing waits.
///
/// It is bounded: of all that was assigned only the newest is kept, and of each unit one start and
/// one stop is under way at most.
final class Inbox {

  private final Signal news;
  private final List<UnitEvent> events = new ArrayList<>();

  /// @param news raised with each event
  Inbox(Signal news) {
    this.news = news;
  }

  void offer(UnitEvent event) {
    synchronized (this) {
      if (event instanceof Assigned) {
        events.removeIf(Assigned.class::isInstance);
      }
      events.add(event);
    }
    news.raise();
  }

  /// All that has come since this was last asked, in the order in which it came.
  synchronized List<UnitEvent> take() {
    var taken = List.copyOf(events);
    events.clear();
    return taken;
  }
}
