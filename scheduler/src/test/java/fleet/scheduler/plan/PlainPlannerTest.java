package fleet.scheduler.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What is remembered while a plan is made changes nothing of it: it equals that of the
/// [PlainPlanner], word for word, in random lives of small clusters and of larger ones in which
/// many units ask for the same. Try more of them with `-Dfleet.seeds=100000`.
@Tag("slow")
class PlainPlannerTest {

  private static final int SEEDS = Integer.getInteger("fleet.seeds", 400);
  private static final int PLANS = 8;

  @Test
  void smallClustersArePlannedAsByThePlainPlanner() {
    for (long seed = 0; seed < SEEDS; seed++) {
      live(seed, new RandomLife(seed), 1);
    }
  }

  @Test
  void largerClustersArePlannedAsByThePlainPlanner() {
    var machines = IntStream.rangeClosed(1, 40).mapToObj(i -> "m" + i).toList();
    var units =
        Stream.concat(
                RandomLife.UNITS.stream(),
                IntStream.range(10, 70).mapToObj(i -> "web@" + i + ".service"))
            .toList();
    for (long seed = 0; seed < SEEDS / 20; seed++) {
      live(seed, new RandomLife(seed, units, machines), 60);
    }
  }

  private static void live(long seed, RandomLife life, int haste) {
    for (int i = 0; i < PLANS; i++) {
      for (int j = 0; j < haste; j++) {
        life.happenings();
      }
      String story = "seed " + seed + "\n" + life.story;
      var question = life.cluster.question();
      var plan = question.answer(Planner::worked);

      assertEquals(lines(question.answer(PlainPlanner::worked)), lines(plan), story);

      life.cluster.carryOut(plan);
      life.agentsFollow();
    }
  }

  private static List<String> lines(Plan plan) {
    var lines = new ArrayList<>(plan.steps().stream().map(Object::toString).toList());
    lines.add(plan.pause() + " " + plan.evicted() + " " + plan.failures());
    return lines;
  }
}
