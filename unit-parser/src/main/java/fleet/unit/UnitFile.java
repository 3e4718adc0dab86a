package fleet.unit;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// The contents of a unit file: its options in the order in which they were written.
///
/// Comments and blank lines are gone; sections and options may repeat. A value: two files with the
/// same options are equal.
public final class UnitFile {

  /// The longest line that is read, its end included: systemd's own limit. fleet 1.0 refused 2,048.
  public static final int LONGEST_LINE_BYTES = 1 << 20;

  /// The longest file that is read, and that [#text()] may print: room for one longest line, and
  /// below what etcd takes in a request by default (1.5 MiB).
  public static final int LONGEST_BYTES = 5 << 18;

  /// More options than anybody writes, and few enough to be kept in the memory of a small daemon.
  public static final int MOST_OPTIONS = 10_000;

  private final List<UnitOption> options;

  /// Computed when it is first asked for, which costs as much as a thousand comparisons. Whoever
  /// computes it comes to the same.
  private @Nullable UnitHash hash;

  public UnitFile(List<UnitOption> options) {
    this.options = List.copyOf(options);
  }

  /// The options in the order in which they were written.
  public List<UnitOption> options() {
    return options;
  }

  /// Reads a unit file as fleet 1.0 did, save for the limits above and that NUL is refused.
  ///
  /// Total, in time linear in the length of the text: whatever the text is, the answer is a file or
  /// a reason. The printed text of a file, which can be a little longer for the empty lines between
  /// sections, is within the limits too.
  public static Parsed<UnitFile> parse(String text) {
    boolean plain = UnitText.isShortAndPlain(text);
    var objection = plain ? Optional.<String>empty() : UnitText.objection(text);
    if (objection.isPresent()) {
      return new Malformed<>(objection.get());
    }
    return switch (UnitFileParser.parse(text)) {
      case Malformed<UnitFile> malformed -> malformed;
      case Ok<UnitFile> ok when plain -> ok;
      case Ok<UnitFile> ok ->
          UnitText.objection(ok.value().text()).<Parsed<UnitFile>>map(Malformed::new).orElse(ok);
    };
  }

  /// This file as it will be once it has been stored and read again: what to check, to store and to
  /// take the fingerprint of when options come from outside, as JSON or from a file on disk.
  ///
  /// Options that were parsed come back as they are, grouped by section. Others may not: a value
  /// with a line feed in it can come back as two options, an option whose name begins with `#` as a
  /// comment, and a value that ends in a backslash takes in the option after it, in fleet as in
  /// systemd. Malformed if the printed text cannot be read.
  ///
  /// The answer is its own normal form, and its text is read back as that same value.
  public Parsed<UnitFile> normalized() {
    String text = text();
    return switch (parse(text)) {
      case Malformed<UnitFile> malformed -> malformed;
      case Ok<UnitFile>(var again) when !again.text().equals(text) -> again.normalized();
      case Ok<UnitFile> same -> same;
    };
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
    UnitHash known = hash;
    if (known == null) {
      known = hashed();
      hash = known;
    }
    return known;
  }

  private UnitHash hashed() {
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

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this || (other instanceof UnitFile file && options.equals(file.options));
  }

  @Override
  public int hashCode() {
    return options.hashCode();
  }

  @Override
  public String toString() {
    return "UnitFile" + options;
  }
}
