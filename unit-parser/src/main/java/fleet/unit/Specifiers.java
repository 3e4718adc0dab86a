package fleet.unit;

/// Expands the specifiers of `[X-Fleet]` (fleet 1.0 `job/job.go`).
///
/// Four of systemd's, by plain replacement in this order: `%n` the full name, `%N` the name without
/// its type, `%p` the prefix, `%i` the instance, empty where there is none. Unlike in systemd
/// nothing is unescaped, `%%` is no escape, and others stay as they are.
public final class Specifiers {

  private Specifiers() {}

  public static String expand(String value, UnitName name) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    String instance =
        switch (name) {
          case UnitName.Plain _, UnitName.Template _ -> "";
          case UnitName.Instance(_, var text, _) -> text;
        };
    return value
        .replace("%n", name.text())
        .replace("%N", name.stem())
        .replace("%p", name.prefix())
        .replace("%i", instance);
  }
}
