package fleet.ctl.look;

import fleet.api.MachineResource;
import fleet.ctl.command.Command;
import fleet.ctl.command.CommandCall;
import fleet.ctl.console.Synopsis;
import fleet.ctl.remote.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `fleetctl list-machines`.
public final class ListMachines implements Command, Columns.Rows {

  private static final String USUAL = "machine,ip,metadata";
  private static final List<String> KNOWN = List.of("machine", "ip", "metadata");

  @Override
  public Synopsis synopsis() {
    return new Synopsis(
        "list-machines",
        "List the machines of the cluster",
        "[-l|--full] [--no-legend] [--fields=FIELD,...]",
        """
        Lists the machines that are present, by ID.
        """,
        Columns.flags(USUAL, KNOWN));
  }

  @Override
  public int run(CommandCall call) {
    String complaint = "Error retrieving list of active machines from fleet API (%)";
    return Columns.list(call, USUAL, KNOWN, complaint, this);
  }

  @Override
  public List<Columns.Row> rows(CommandCall call, Columns columns) {
    var rows = new ArrayList<Columns.Row>();
    for (MachineResource machine : call.cluster().api().machines()) {
      rows.add(new Row(machine, columns.full()));
    }
    return rows;
  }

  private record Row(MachineResource machine, boolean full) implements Columns.Row {
    @Override
    public String cell(String key) {
      return switch (key) {
        case "machine" -> full ? machine.id() : Cluster.brief(machine.id());
        case "ip" -> machine.primaryIp();
        default -> metadata();
      };
    }

    private String metadata() {
      var text = new StringBuilder();
      for (Map.Entry<String, String> pair : machine.metadata().entrySet()) {
        text.append(text.isEmpty() ? "" : ",").append(pair.getKey()).append('=');
        text.append(pair.getValue());
      }
      return text.toString();
    }
  }
}
