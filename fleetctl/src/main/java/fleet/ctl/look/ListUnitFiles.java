package fleet.ctl.look;

import fleet.api.UnitResource;
import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.command.Units;
import fleet.ctl.console.Synopsis;
import fleet.ctl.remote.Cluster;
import fleet.unit.UnitFile;
import java.util.ArrayList;
import java.util.List;

/// `fleetctl list-unit-files`: the units that the cluster knows, and how far each has come.
public final class ListUnitFiles implements Command, Columns.Rows {

  private static final String USUAL = "unit,hash,dstate,state,target";
  private static final List<String> KNOWN =
      List.of("unit", "hash", "dstate", "state", "target", "tmachine", "global", "desc");

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "list-unit-files",
        "List the units that the cluster knows, and where they should be",
        "[-l|--full] [--no-legend] [--fields=FIELD,...]",
        """
        Lists all units that were submitted and not destroyed: what users want of each (DSTATE),
        how far it has come (STATE) and the machine it was assigned to (TARGET).
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
    if (columns.contains("tmachine")) {
      call.console()
          .complain("WARNING: The \"tmachine\" field is deprecated. Use \"target\" instead");
    }
    var rows = new ArrayList<Columns.Row>();
    for (UnitResource unit : call.cluster().api().units()) {
      rows.add(new Row(unit, call.cluster(), columns.full()));
    }
    return rows;
  }

  private record Row(UnitResource unit, Cluster cluster, boolean full) implements Columns.Row {
    @Override
    public String cell(String key) {
      return switch (key) {
        case "unit" -> unit.name();
        case "hash" -> full ? hash() : Units.briefHash(hash());
        case "dstate" -> unit.desiredState();
        case "state" -> Units.global(unit) ? "" : unit.currentState();
        case "target", "tmachine" -> Units.global(unit) ? "global" : target();
        case "global" -> Boolean.toString(Units.global(unit));
        default -> new UnitFile(unit.options()).description().orElse("");
      };
    }

    private String hash() {
      return new UnitFile(unit.options()).hash().text();
    }

    private String target() {
      if (unit.machineId().isEmpty()) {
        return "";
      }
      return full ? cluster.fullLegend(unit.machineId()) : cluster.legend(unit.machineId());
    }
  }
}
