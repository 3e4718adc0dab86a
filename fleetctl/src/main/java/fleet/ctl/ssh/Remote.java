package fleet.ctl.ssh;

import fleet.api.MachineResource;
import fleet.api.client.Endpoint;
import fleet.ctl.console.Console;
import fleet.ctl.ssh.LocalMachine.NoSuchProgram;
import fleet.ctl.ssh.OpenSsh.Entry;
import fleet.ctl.ssh.OpenSsh.Gate;
import fleet.unit.Parsed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reaches machines as the user wants: by SSH, through a tunnel if one is wanted; and the one that
/// we are on, directly.
public final class Remote implements AutoCloseable {

  /// What ssh ends with if it has not reached the machine.
  private static final int UNREACHED = 255;

  private final SshSettings settings;
  private final LocalMachine here;
  private final Console console;
  private @Nullable OpenSsh ssh;
  private @Nullable Tunnel tunnel;

  public Remote(SshSettings settings, LocalMachine here, Console console) {
    this.settings = settings;
    this.here = here;
    this.console = console;
  }

  /// How the API is reached from here: through the tunnel, which is opened if it is not yet, or
  /// just as it was if none is wanted.
  ///
  /// @throws SshFailed if the tunnel does not open
  public Endpoint reach(Endpoint endpoint) {
    if (settings.tunnel().isEmpty()) {
      return endpoint;
    }
    Tunnel opened = tunnel;
    if (opened == null) {
      opened = open(endpoint);
      tunnel = opened;
    }
    return opened.endpoint();
  }

  private Tunnel open(Endpoint endpoint) {
    SshTarget target =
        switch (SshTarget.parse(settings.tunnel())) {
          case Parsed.Ok<SshTarget>(var parsed) -> parsed;
          case Parsed.Malformed<SshTarget>(var reason) ->
              throw new SshFailed("--tunnel: " + reason);
        };
    try {
      return Tunnel.open(ssh(), here, new Gate(target, here.folder()), endpoint);
    } catch (NoSuchProgram e) {
      throw new SshFailed(String.valueOf(e.getMessage()), e);
    }
  }

  /// Runs a program on a machine: directly if that is the one that we are on.
  ///
  /// @param port where its sshd listens; 0 if ssh's configuration says
  /// @param typing whether the user may have to type: a password, or Control-C
  /// @return the program's exit status; 255 if the user typed and the machine was not reached,
  ///     which ssh has then said
  /// @throws SshFailed if the machine is not reached
  /// @throws NoSuchProgram if it is this machine, and has no such program
  public int run(MachineResource machine, int port, List<String> words, boolean typing)
      throws InterruptedException {
    if (machine.id().equals(here.id())) {
      return here.run(words);
    }
    var target = new SshTarget(machine.primaryIp(), port);
    boolean terminal = typing && here.interactive();
    int status = session(target, new Entry(false, terminal), ShellWords.line(words));
    if (status == UNREACHED && !terminal) { // at a terminal it may have been Control-C
      throw SshFailed.ended(target, status);
    }
    return status;
  }

  /// Enters a machine by SSH, also the one that we are on.
  ///
  /// @param port where its sshd listens; 0 if ssh's configuration says
  /// @param agent whether the user's keys can be used from there
  /// @param command for the shell there; empty for a shell that the user types into
  /// @return the exit status of the command or the shell, or 255 if the machine is not reached
  /// @throws SshFailed if ssh cannot be run
  public int enter(MachineResource machine, int port, boolean agent, String command)
      throws InterruptedException {
    return session(new SshTarget(machine.primaryIp(), port), new Entry(agent, false), command);
  }

  private int session(SshTarget target, Entry entry, String command) throws InterruptedException {
    Optional<Gate> gate = Optional.ofNullable(tunnel).map(Tunnel::gate);
    try {
      return here.run(ssh().session(target, entry, gate, command));
    } catch (NoSuchProgram e) {
      throw new SshFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private OpenSsh ssh() {
    OpenSsh prepared = ssh;
    if (prepared == null) {
      prepared = new OpenSsh(settings, knownHosts());
      ssh = prepared;
    }
    return prepared;
  }

  private Path knownHosts() {
    Path file = KnownHosts.file(settings.knownHosts(), console.variables(), console.directory());
    if (settings.strict()) {
      KnownHosts.prepare(file);
    }
    return file;
  }

  @Override
  public void close() {
    Tunnel opened = tunnel;
    if (opened != null) {
      opened.close();
    }
  }
}
