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

  public static final Flag HELP = Flag.toggle("help", "Show help and do nothing else").or("h");

  public static final Flag VERSION =
      Flag.toggle("version", "As the first argument: print the version and do nothing else");

  public static final List<Flag> ALL =
      List.of(ENDPOINT, CA_FILE, CERT_FILE, KEY_FILE, REQUEST_TIMEOUT, HELP, VERSION);

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
