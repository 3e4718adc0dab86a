package fleet.ctl.change;

import java.util.List;

/// Files that podman makes units of (podman-systemd.unit(5)), and that are none themselves.
final class Quadlets {

  private static final List<String> TYPES =
      List.of("container", "volume", "network", "kube", "image", "build", "pod");

  private Quadlets() {}

  /// What to add to a complaint that there is no unit of that name; nothing if it names no such
  /// file.
  static String hint(String argument) {
    String type = argument.substring(argument.lastIndexOf('.') + 1);
    return argument.indexOf('.') >= 0 && TYPES.contains(type)
        ? ": a ."
            + type
            + " file is no unit, podman makes one of it; a .service can call \"podman run\""
        : "";
  }
}
