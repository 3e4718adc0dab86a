package fleet.ctl.look;

import fleet.api.RunResource;
import fleet.api.UnitStateResource;
import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Units;
import fleet.ctl.console.Synopsis;
import fleet.ctl.remote.Cluster;
import java.util.ArrayList;
import java.util.List;

/// `fleetctl list-units`: what the machines report, one row for each machine and unit.
public final class ListUnits implements Command, Columns.Rows {

  private static final String USUAL = "unit,machine,active,sub";
  private static final List<String> KNOWN =
      List.of("unit", "load", "active", "sub", "machine", "hash", "restarts");

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "list-units",
        "List the units that are on machines, and how they are",
        "[-l|--full] [--no-legend] [--fields=FIELD,...]",
        """
        Lists what the systemd of each machine says of the units that fleet has put there.
        A unit that is on no machine is not listed: see list-unit-files.

        Where SUB is the last column, it also says how often systemd has restarted the unit by its
        Restart= since it was started; one that it restarts again and again is crash-looping.
        """,
        Columns.flags(USUAL, KNOWN));
  }

  @Override
  public int run(CommandCall call) {
    String complaint = "Error retrieving list of units from repository: %";
    return Columns.list(call, USUAL, KNOWN, complaint, this);
  }

  @Override
  public List<Columns.Row> rows(CommandCall call, Columns columns) {
    var rows = new ArrayList<Columns.Row>();
    for (UnitStateResource state : call.cluster().api().states()) {
      rows.add(new Row(state, call.cluster(), columns.full(), columns.endWith("sub")));
    }
    return rows;
  }

  /// @param last whether nothing comes after SUB, so that it may have more words than one: people
  ///     read those, and scripts that look for the words of fleet v1 find them in their places
  private record Row(UnitStateResource state, Cluster cluster, boolean full, boolean last)
      implements Columns.Row {
    @Override
    public String cell(String key) {
      return switch (key) {
        case "unit" -> state.name();
        case "load" -> state.systemdLoadState();
        case "active" -> state.systemdActiveState();
        case "sub" -> state.systemdSubState() + (last ? restarts(state.run()) : "");
        case "restarts" -> state.run().restarts() == 0 ? "" : Long.toString(state.run().restarts());
        case "machine" ->
            full ? cluster.fullLegend(state.machineId()) : cluster.legend(state.machineId());
        default -> full ? state.hash() : Units.briefHash(state.hash());
      };
    }

    private static String restarts(RunResource run) {
      String count = run.restarts() == 1 ? "1 restart" : run.restarts() + " restarts";
      if (run.crashLooping()) {
        return " (crash-looping: " + count + (run.exit().isEmpty() ? "" : ", " + run.exit()) + ")";
      }
      return run.restarts() == 0 ? "" : " (" + count + ")";
    }
  }
}
