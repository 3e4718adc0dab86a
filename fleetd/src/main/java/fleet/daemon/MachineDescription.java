package fleet.daemon;

import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.daemon.config.Configuration;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What this machine says of itself to the cluster.
///
/// @param root where the files that describe it lie: `/`, save in tests
/// @param version of this daemon
record MachineDescription(Path root, Configuration.Agent configuration, String version) {

  /// The machine could not be described. A human must act.
  static final class Unidentified extends Exception {
    private static final long serialVersionUID = 1;

    Unidentified(String message) {
      super(message);
    }
  }

  /// Reads the machine's name, which never changes while the daemon runs.
  ///
  /// @throws Unidentified if `/etc/machine-id` (machine-id(5)) cannot be read or is empty
  MachineId id() throws Unidentified {
    Path file = root.resolve("etc/machine-id");
    try {
      String text = Files.readString(file).strip();
      if (text.isEmpty() || text.contains("/") || text.equals("uninitialized")) {
        throw new Unidentified(
            "unable to determine local machine ID: "
                + file
                + ": expected 32 hexadecimal digits, found \""
                + text
                + "\"; systemd-machine-id-setup writes it");
      }
      return new MachineId(text);
    } catch (IOException e) {
      throw new Unidentified("unable to determine local machine ID: cannot read " + file);
    }
  }

  /// Describes the machine as it is now. Its address may change from one call to the next.
  Machine describe(MachineId id) {
    return new Machine(
        id,
        configuration.publicIp().or(this::address).orElse(""),
        configuration.metadata(),
        version,
        bootId());
  }

  private String bootId() {
    try {
      return Files.readString(root.resolve("proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /// The first address of the interface of the default route, as fleet v1 chose it: IPv4, neither
  /// loopback nor link-local. Without a default route, of any interface that has one.
  private Optional<String> address() {
    try {
      Optional<String> ofRoute =
          defaultInterface()
              .flatMap(
                  name -> {
                    try {
                      return Optional.ofNullable(NetworkInterface.getByName(name));
                    } catch (SocketException e) {
                      return Optional.empty();
                    }
                  })
              .flatMap(MachineDescription::address);
      return ofRoute.isPresent()
          ? ofRoute
          : NetworkInterface.networkInterfaces()
              .flatMap(each -> address(each).stream())
              .findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> address(NetworkInterface network) {
    for (InetAddress address : Collections.list(network.getInetAddresses())) {
      if (address instanceof Inet4Address
          && !address.isLoopbackAddress()
          && !address.isLinkLocalAddress()
          && !address.isMulticastAddress()
          && !address.isAnyLocalAddress()) {
        return Optional.of(address.getHostAddress());
      }
    }
    return Optional.empty();
  }

  /// The interface of the first route without a destination (proc_net(5), `route`).
  private Optional<String> defaultInterface() {
    try {
      List<String> routes = Files.readAllLines(root.resolve("proc/net/route"));
      for (String route : routes) {
        String[] fields = route.split("\\s+");
        if (fields.length > 1 && fields[1].equals("00000000")) {
          return Optional.of(fields[0]);
        }
      }
    } catch (IOException e) {
      // No such file where there is no network: then there is no route either.
    }
    return Optional.empty();
  }
}
