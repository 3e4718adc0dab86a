package fleet.ctl.verb;

import fleet.ctl.console.Flag;
import fleet.ctl.console.Synopsis;
import java.util.List;

/// The flags that every verb understands, and the program as its help presents it.
public final class GlobalFlags {

  public static final Flag ENDPOINT =
      Flag.text(
          "endpoint",
          "unix:///var/run/fleet.sock",
          "Where the API is: unix:///PATH, http://HOST:PORT or https://HOST:PORT");

  public static final Flag CA_FILE =
      Flag.text("ca-file", "", "Certificates that vouch for the server (TLS), in PEM");

  public static final Flag CERT_FILE =
      Flag.text("cert-file", "", "Certificate to show to the server (TLS), in PEM");

  public static final Flag KEY_FILE =
      Flag.text("key-file", "", "Private key of that certificate, in PEM");

  public static final Flag REQUEST_TIMEOUT =
      Flag.seconds("request-timeout", "30.0", "Seconds to wait for the API to answer");

  public static final Flag TUNNEL =
      Flag.text("tunnel", "", "Reach the API through SSH to this machine: HOST or HOST:PORT");

  public static final Flag SSH_USERNAME =
      Flag.text("ssh-username", "core", "User to log in as on machines, by SSH");

  public static final Flag SSH_TIMEOUT =
      Flag.seconds("ssh-timeout", "10.0", "Seconds to wait for an SSH connection");

  public static final Flag STRICT_HOST_KEY_CHECKING =
      Flag.toggledOn("strict-host-key-checking", "Refuse machines whose SSH host key has changed");

  public static final Flag KNOWN_HOSTS_FILE =
      Flag.text(
          "known-hosts-file", "~/.fleetctl/known_hosts", "Where SSH host keys are remembered");

  public static final Flag DRIVER =
      Flag.text("driver", "API", "How the cluster is reached; there is no other way than API");

  public static final Flag DEBUG = Flag.toggle("debug", "Log requests on the error stream");

  public static final Flag HELP = Flag.toggle("help", "Show help and do nothing else").or("h");

  public static final Flag VERSION =
      Flag.toggle("version", "As the first argument: print the version and do nothing else");

  // What fleet 1.0 took, and scripts may still give. The help does not mention it.

  public static final Flag ETCD_CA_FILE = Flag.text("etcd-cafile", "", "");

  public static final Flag ETCD_CERT_FILE = Flag.text("etcd-certfile", "", "");

  public static final Flag ETCD_KEY_FILE = Flag.text("etcd-keyfile", "", "");

  public static final Flag ETCD_KEY_PREFIX =
      Flag.text("etcd-key-prefix", "/_coreos.com/fleet/", "");

  public static final Flag EXPERIMENTAL_API = Flag.toggledOn("experimental-api", "");

  public static final List<Flag> ALL =
      List.of(
          ENDPOINT,
          CA_FILE,
          CERT_FILE,
          KEY_FILE,
          REQUEST_TIMEOUT,
          TUNNEL,
          SSH_USERNAME,
          SSH_TIMEOUT,
          STRICT_HOST_KEY_CHECKING,
          KNOWN_HOSTS_FILE,
          DRIVER,
          DEBUG,
          HELP,
          VERSION,
          ETCD_CA_FILE,
          ETCD_CERT_FILE,
          ETCD_KEY_FILE,
          ETCD_KEY_PREFIX,
          EXPERIMENTAL_API);

  static final Synopsis PROGRAM =
      new Synopsis(
          "fleetctl",
          "manage the units of many machines as if they were one",
          "[GLOBAL OPTIONS] COMMAND [OPTIONS] [ARGUMENTS...]",
          """
          A command may be shortened as long as no other begins so: "list-m" is list-machines.
          Global options may stand before or after the command. Each can also be set by an
          environment variable: FLEETCTL_ENDPOINT stands for --endpoint.
          Run "fleetctl help COMMAND" for the options of a command.
          """,
          ALL);

  private GlobalFlags() {}
}
