package fleet.ctl.ssh;

import fleet.api.client.Endpoint;
import fleet.ctl.ssh.LocalMachine.Running;
import fleet.ctl.ssh.OpenSsh.Gate;
import java.util.Optional;

/// One SSH connection, over which goes all that fleetctl asks of the API and of machines: ssh
/// listens on a socket of ours and forwards what comes to where the API listens on the far side, so
/// that there it takes nothing but sshd and fleetd.
final class Tunnel implements AutoCloseable {

  private final Gate gate;
  private final Endpoint endpoint;
  private final Running ssh;

  private Tunnel(Gate gate, Endpoint endpoint, Running ssh) {
    this.gate = gate;
    this.endpoint = endpoint;
    this.ssh = ssh;
  }

  /// Opens a tunnel to `far`, and waits until it is open: ssh says so.
  ///
  /// @throws SshFailed if ssh ends instead
  static Tunnel open(OpenSsh ssh, LocalMachine here, Gate gate, Endpoint far) {
    Running running = here.start(ssh.tunnel(gate, far));
    Optional<String> line = running.nextLine();
    while (line.isPresent() && !line.get().equals(OpenSsh.READY)) {
      line = running.nextLine(); // a banner of some program that ssh goes through
    }
    if (line.isEmpty()) {
      throw SshFailed.ended(gate.target(), running.status());
    }
    var near = new Endpoint.Forwarded(far, gate.api(), gate.target().text());
    return new Tunnel(gate, near, running);
  }

  /// How the API is reached from here.
  Endpoint endpoint() {
    return endpoint;
  }

  /// The machine that it leads to, through which others are reached.
  Gate gate() {
    return gate;
  }

  @Override
  public void close() {
    ssh.close();
  }
}
