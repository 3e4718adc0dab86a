package fleet.scheduler.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.scheduler.plan.ClusterScript.Planning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Replays the transcripts under `plans/` ([ClusterScript] has their words). Each plan, once
/// carried out, must leave nothing to plan.
class PlanTranscriptsTest {

  @TestFactory
  List<DynamicTest> transcripts() throws IOException {
    return ClusterScript.tests(
        Path.of("src/test/resources/fleet/scheduler/plans"), PlansThatSettle::new);
  }

  private static final class PlansThatSettle implements Planning {
    @Override
    public Plan plan(ClusterScene cluster) {
      return cluster.plan();
    }

    @Override
    public void carriedOut(Plan plan, ClusterScene cluster) {
      Plan next = cluster.plan();
      assertTrue(next.changesNothing(), () -> "after\n" + plan + "\ncame\n" + next);
    }
  }
}
