package fleet.scheduler.uncertainty;

import fleet.scheduler.plan.ClusterScene;
import fleet.scheduler.plan.ClusterScript;
import fleet.scheduler.plan.ClusterScript.Planning;
import fleet.scheduler.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Replays the transcripts under `uncertainty/`: what a leader plans by what it has seen, and when.
/// Beside the words of [ClusterScript] they have these:
///
/// ``` after 3s time goes on, and the store answers all the while store silent 3s time goes on, and
/// it does not answer, but then it does look the leader looks at the cluster, and plans nothing
/// leader changes another begins its term, which knows the store as well late N so many machines
/// are overdue, if the store is asked ```
///
/// A lease is 3 s long, and evictions wait beyond half of all machines. The engine begins 10 s
/// before a transcript does, and has had its answers since.
class UncertaintyTranscriptsTest {

  @TestFactory
  List<DynamicTest> transcripts() throws IOException {
    return ClusterScript.tests(
        Path.of("src/test/resources/fleet/scheduler/uncertainty"), Leader::new);
  }

  private static final class Leader implements Planning {
    private static final Duration STEP = Duration.ofMillis(500);
    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");
    private static final Uncertainty.Settings SETTINGS =
        new Uncertainty.Settings(Duration.ofSeconds(3), 0.5);

    private Duration now = Duration.ZERO;
    private StoreContact contact = StoreContact.begun(SETTINGS.machineTtl(), now);
    private Uncertainty uncertainty = Uncertainty.begun(SETTINGS);
    private int late;

    Leader() {
      pass(Duration.ofSeconds(10));
    }

    private void pass(Duration span) {
      Duration end = now.plus(span);
      while (now.compareTo(end) < 0) {
        now = now.plus(STEP);
        contact = contact.answered(now);
      }
    }

    private void look(ClusterScene cluster) {
      Uncertainty before = uncertainty;
      uncertainty =
          before.after(
              cluster.snapshot(), contact.isSteady(now), now, NOON.plus(now).minusSeconds(10));
      if (uncertainty.hasNewcomers(before)) {
        contact = contact.returned(now);
      }
    }

    @Override
    public Plan plan(ClusterScene cluster) {
      look(cluster);
      int overdue = uncertainty.mustAskForOverdue() ? late : 0;
      return cluster.plan(uncertainty.conditions(overdue, now));
    }

    @Override
    public void happen(ClusterScene cluster, String[] words) {
      switch (words[0]) {
        case "after" -> pass(span(words[1]));
        case "store" -> {
          now = now.plus(span(words[2]));
          contact = contact.answered(now);
        }
        case "look" -> look(cluster);
        case "leader" -> uncertainty = Uncertainty.begun(SETTINGS);
        case "late" -> late = Integer.parseInt(words[1]);
        default -> throw new IllegalArgumentException(String.join(" ", words));
      }
    }

    private static Duration span(String text) {
      return text.endsWith("ms")
          ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
          : Duration.parse("PT" + text);
    }
  }
}
