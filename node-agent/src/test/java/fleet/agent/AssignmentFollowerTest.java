package fleet.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fleet.agent.pace.AgentOptions;
import fleet.agent.presence.AgentStatus.Standing;
import fleet.agent.presence.Lease;
import fleet.agent.saved.SavedText;
import fleet.agent.unit.UnitEvent.Assigned;
import fleet.cluster.MachineId;
import fleet.cluster.env.Environment.Signal;
import fleet.cluster.registry.Keyspace;
import fleet.cluster.registry.Registry;
import fleet.testing.saved.MemoryText;
import fleet.testing.store.FaultyStore;
import fleet.testing.store.MemoryStore;
import fleet.testing.time.VirtualEnvironment;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AssignmentFollowerTest {

  private static final MachineId ID = new MachineId("6f1a2b3c4d5e6f708192a3b4c5d6e7f8");

  private final VirtualEnvironment environment = new VirtualEnvironment(1);
  private final MemoryStore memory = new MemoryStore(environment);
  private final Lease lease = new Lease(environment, Duration.ofSeconds(3));
  private final Signal changed = environment.signal("changed");
  private final List<String> seen = new ArrayList<>();
  private final Inbox inbox = new Inbox(environment.signal("news"));

  private void hold(long id) {
    lease.ended();
    lease.granted(id, environment.sinceBoot());
    lease.joined(id);
    changed.raise();
  }

  /// Nothing is assigned, as was read under that lease.
  private static Assigned nothing(long lease) {
    return new Assigned(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), lease);
  }

  /// The machine comes under another lease while the answer to its first question is on its way.
  private final class Overtaken implements FaultyStore.Weather {
    private boolean first = true;

    @Override
    public void back(String request) {
      seen.add("read under " + lease.id());
      if (first) {
        first = false;
        hold(8);
      }
    }
  }

  /// Nobody knows what was given to others between the two leases.
  @Test
  void whatWasReadBeforeTheMachineCameUnderALeaseIsNotWhatItReadsUnderThat() {
    hold(7);
    var follower =
        new AssignmentFollower(
            environment,
            new Registry(new FaultyStore(memory, new Overtaken()), new Keyspace("/fleet/")),
            ID,
            () -> Standing.PRESENT,
            lease,
            AgentOptions.DEFAULTS,
            new MemoryText(),
            inbox,
            changed);

    environment.fork("follower", follower::run);
    environment.run(Duration.ofSeconds(1));

    assertEquals(List.of("read under 7", "read under 8"), seen);
    assertEquals(List.of(nothing(8)), inbox.take());
  }

  /// A disk that cannot be read.
  private static final class Unreadable implements SavedText {
    @Override
    public Found read() throws IOException {
      throw new IOException("Input/output error");
    }

    @Override
    public void write(String text) {}

    @Override
    public void outdate() {}
  }

  @Test
  void whereTheCopyCannotBeReadNothingIsKnownUntilTheStoreAnswers() {
    var standing = new AtomicReference<>(Standing.JOINING);
    var follower =
        new AssignmentFollower(
            environment,
            new Registry(memory, new Keyspace("/fleet/")),
            ID,
            standing::get,
            lease,
            AgentOptions.DEFAULTS,
            new Unreadable(),
            inbox,
            changed);

    environment.fork("follower", follower::run);
    environment.run(Duration.ofSeconds(11));
    assertEquals(List.of(nothing(0)), inbox.take());

    standing.set(Standing.PRESENT);
    hold(7);
    environment.run(Duration.ofSeconds(1));
    assertEquals(List.of(nothing(7)), inbox.take());
  }
}
