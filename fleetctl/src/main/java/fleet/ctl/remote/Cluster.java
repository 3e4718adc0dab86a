package fleet.ctl.remote;

import fleet.api.ExplanationResource;
import fleet.api.MachineResource;
import fleet.api.client.Endpoint;
import fleet.api.client.FleetClient;
import fleet.api.client.Trace;
import fleet.cluster.env.Environment;
import fleet.ctl.console.Console;
import fleet.ctl.console.Log;
import fleet.ctl.ssh.Remote;
import fleet.ctl.ssh.SshFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The cluster as seen from here: its API, reached when first asked for, and the names of its
/// machines as people read them.
public final class Cluster implements AutoCloseable {

  private static final int BRIEF = 8;

  private final Access access;
  private final Remote remote;
  private final Log log;
  private final Environment time;
  private final Console console;
  private final AtomicBoolean waitTold = new AtomicBoolean();
  private final Map<String, String> addresses = new TreeMap<>();
  private @Nullable FleetClient client;
  private @Nullable Endpoint endpoint;

  /// @param access how the API is reached
  /// @param remote what reaches it through a tunnel, if one is wanted
  /// @param time what waiting for the API waits by
  /// @param console who is told of it
  public Cluster(Access access, Remote remote, Log log, Environment time, Console console) {
    this.access = access;
    this.remote = remote;
    this.log = log;
    this.time = time;
    this.console = console;
  }

  /// The API, over the one connection that all of a command's steps share. What is not answered is
  /// sent again for ten seconds ([RetryWindow]).
  ///
  /// @throws Unusable if what the user wrote leads to none
  public FleetClient api() {
    FleetClient opened = client;
    if (opened == null) {
      opened = connect();
      client = opened;
    }
    return opened;
  }

  /// The API, over a connection of its own, for the caller to close.
  ///
  /// @throws Unusable if what the user wrote leads to none
  FleetClient connect() {
    Endpoint there = endpoint;
    if (there == null) {
      there = reach(access.resolve(log));
      endpoint = there;
    }
    Trace trace = log.detailed() ? new RequestLog(log) : Trace.NONE;
    var retry = new RetryWindow(time, console, waitTold);
    return new FleetClient(there, access.tls(), access.requestTimeout(), trace, retry);
  }

  private Endpoint reach(Endpoint far) {
    try {
      return remote.reach(far);
    } catch (SshFailed e) {
      throw new Unusable("failed initializing SSH client: " + e.getMessage());
    }
  }

  /// The IDs of the machines that report a unit, whatever they say of it.
  public List<String> machinesWith(String unit) {
    var machines = new ArrayList<String>();
    for (ExplanationResource explanation : api().explanations(List.of(unit))) {
      for (ExplanationResource.State state : explanation.states()) {
        machines.add(state.machineId());
      }
    }
    return machines;
  }

  /// The machines whose IDs begin so; if there is one whose whole ID it is, that one alone.
  public static List<MachineResource> beginningWith(String start, List<MachineResource> machines) {
    var found = new ArrayList<MachineResource>();
    for (MachineResource machine : machines) {
      if (machine.id().equals(start)) {
        return List.of(machine);
      }
      if (machine.id().startsWith(start)) {
        found.add(machine);
      }
    }
    return found;
  }

  /// The machine as lists show it: `8dcea1bd.../10.0.1.101`, or without the address if it has none
  /// or is gone. Asks the API for machines that it has not heard of yet.
  public String legend(String machineId) {
    return brief(machineId) + address(machineId);
  }

  /// The same with the whole ID: `8dcea1bd100c4a2c8d3d5a1e9f0b6c7d/10.0.1.101`.
  public String fullLegend(String machineId) {
    return machineId + address(machineId);
  }

  private String address(String machineId) {
    if (!addresses.containsKey(machineId)) {
      addresses.put(machineId, "");
      for (MachineResource machine : api().machines()) {
        addresses.put(machine.id(), machine.primaryIp());
      }
    }
    String address = addresses.getOrDefault(machineId, "");
    return address.isEmpty() ? "" : "/" + address;
  }

  /// Tells what the cluster says that everybody should know who asks anything, if there is such a
  /// thing, where it does not mix with results.
  public void warn(Console console) {
    String warning = api().warning();
    if (!warning.isEmpty()) {
      console.complain("WARNING: " + warning);
    }
  }

  /// A machine ID as lists show it: its first eight characters.
  public static String brief(String machineId) {
    return machineId.length() <= BRIEF ? machineId : machineId.substring(0, BRIEF) + "...";
  }

  @Override
  public void close() {
    FleetClient opened = client;
    if (opened != null) {
      opened.close();
    }
  }
}
