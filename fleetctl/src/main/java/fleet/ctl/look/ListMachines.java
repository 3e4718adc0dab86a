package fleet.ctl.look;

import fleet.api.MachineResource;
import fleet.api.client.ClientException;
import fleet.ctl.command.Command;
import fleet.ctl.command.Exit;
import fleet.ctl.command.Invocation;
import fleet.ctl.console.Synopsis;
import fleet.ctl.remote.Cluster;
import fleet.ctl.remote.ErrorText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `fleetctl list-machines`.
public final class ListMachines implements Command {

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
  public int run(Invocation invocation) {
    Optional<Columns> columns = Columns.of(invocation, USUAL, KNOWN);
    if (columns.isEmpty()) {
      return Exit.USAGE;
    }
    try {
      var rows = new ArrayList<Row>();
      for (MachineResource machine : invocation.cluster().api().machines()) {
        rows.add(new Row(machine, columns.get().full()));
      }
      columns.get().print(rows, invocation.console());
      invocation.cluster().warn(invocation.console());
      return Exit.DONE;
    } catch (ClientException e) {
      ErrorText.print(
          invocation.console(), "Error retrieving list of active machines from fleet API (%)", e);
      return Exit.FAILED;
    }
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
