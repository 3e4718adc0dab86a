package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.agent.order.Pending;
import fleet.agent.pace.AgentOptions;
import fleet.agent.reconcile.AgentAction.Reason;
import fleet.agent.unit.Applied;
import fleet.cluster.Assignment;
import fleet.cluster.Order;
import fleet.cluster.Order.Kind;
import fleet.cluster.OrderId;
import fleet.cluster.TargetState;
import fleet.testing.systemd.SimulatedSystemd;
import fleet.testing.time.VirtualEnvironment;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of orders while nobody knows what systemd has done.
class UnitJobsTest {

  private static final UnitName.Placeable WEB =
      (UnitName.Placeable) UnitName.parse("web.service").orElseThrow();
  private static final UnitFile FILE =
      UnitFile.parse("[Service]\nExecStart=/bin/sleep infinity\n").orElseThrow();
  private static final Order ORDER = new Order(1, new OrderId("order-1"), Kind.RESTART);
  private static final Assignment ASSIGNMENT =
      new Assignment(WEB, FILE, TargetState.LAUNCHED, 1).by(Optional.of(ORDER));

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final SimulatedSystemd systemd = new SimulatedSystemd(environment);
  private final UnitTable table = new UnitTable(environment, AgentOptions.DEFAULTS, new OwnUnits());
  private final Inbox inbox = new Inbox(environment.signal("changed"));
  private final UnitJobs jobs = new UnitJobs(environment, systemd, AgentOptions.DEFAULTS, inbox);
  private final JobOutcomes outcomes = new JobOutcomes(table);

  @BeforeEach
  void loadWhatIsAssignedAndLoseSystemd() {
    var assigned = new TreeMap<UnitName.Placeable, Assignment>();
    assigned.put(WEB, ASSIGNMENT);
    table.assign(assigned, new TreeMap<>(), new TreeMap<>(), 7);
    table.loaded(ASSIGNMENT);
    table.order(WEB, known -> known.acting(ASSIGNMENT.order()));
    systemd.away(true);
  }

  /// Nothing is known of it, so that it is decided anew.
  private void assertInDoubt() {
    assertEquals("{}", Pending.of(table.orders()).due().toString());
    environment.run(Duration.ofSeconds(1));
    assertEquals("{}", Pending.of(table.orders()).due().toString(), "nobody has taken the event");
    inbox.take().forEach(outcomes::take);
    var due = new TreeMap<UnitName.Placeable, Order>();
    due.put(WEB, ORDER);
    assertEquals(due, Pending.of(table.orders()).due());
    assertEquals(
        "{web.service=the simulated systemd is away}", table.problems().texts().toString());
  }

  @Test
  void orderIsInDoubtWhoseStartIsNotAnswered() {
    jobs.start(ASSIGNMENT, "", new TreeMap<>(), Reason.LAUNCH);

    assertInDoubt();
  }

  @Test
  void orderIsInDoubtWhoseRestartIsNotAnswered() {
    var was = new Applied(FILE.hash(), TargetState.LAUNCHED, 0);
    jobs.restart(ASSIGNMENT, "", was, new TreeMap<>(), Reason.RESTART);

    assertInDoubt();
  }

  @Test
  void orderIsInDoubtWhoseStopIsNotAnswered() {
    jobs.stop(WEB, "", ASSIGNMENT.order(), Reason.NO_LAUNCH);

    assertInDoubt();
  }
}
