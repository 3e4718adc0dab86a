package fleet.unit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/// The contents of a unit file: its options in the order in which they were written.
///
/// Comments and blank lines are gone; sections and options may repeat.
public record UnitFile(List<UnitOption> options) {

  public UnitFile {
    options = List.copyOf(options);
  }

  /// Reads a unit file as fleet v1 did, save that lines may be as long as systemd allows.
  public static Parsed<UnitFile> parse(String text) {
    return new Parsed.Malformed<>(text);
  }

  /// The file as it is stored, written to disk and shown: one block a section, in the order in
  /// which sections first appear.
  public String text() {
    var sections = new LinkedHashMap<String, StringBuilder>();
    for (UnitOption option : options) {
      sections
          .computeIfAbsent(option.section(), s -> new StringBuilder("[" + s + "]\n"))
          .append(option.name())
          .append('=')
          .append(option.value())
          .append('\n');
    }
    var text = new StringJoiner("\n");
    sections.values().forEach(text::add);
    return text.toString();
  }

  /// The fingerprint of [#text()].
  public UnitHash hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(text().getBytes(StandardCharsets.UTF_8));
      return new UnitHash(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-1", e);
    }
  }

  /// The first `Description=` of `[Unit]`.
  public Optional<String> description() {
    return options.stream()
        .filter(option -> option.section().equals("Unit") && option.name().equals("Description"))
        .map(UnitOption::value)
        .findFirst();
  }

  /// Whether there is anything to enable: an option in `[Install]`.
  public boolean installable() {
    return options.stream().anyMatch(option -> option.section().equals("Install"));
  }
}
