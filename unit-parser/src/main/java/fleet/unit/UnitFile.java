package fleet.unit;

import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitFileParser.Result;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeSet;
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

  private static final String TOO_LONG = "unit file too long (max " + LONGEST_BYTES + " bytes)";

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

  /// Reads a unit file as systemd 252 does, and leaves out what that ignores.
  ///
  /// Total, in time linear in the length of the text: whatever the text is, the answer is a file or
  /// a reason. The printed text of a file, which can be a little longer for the empty lines between
  /// sections, is within the limits too.
  public static Parsed<UnitFile> parse(String text) {
    return switch (result(text)) {
      case Malformed<Result>(var reason) -> new Malformed<>(reason);
      case Ok<Result>(var result) -> new Ok<>(result.file());
    };
  }

  /// Reads a unit file from somebody's disk, and says what of it is ignored. Its comments may be in
  /// any encoding.
  public static Parsed<UnitReading> read(byte[] bytes) {
    if (bytes.length > LONGEST_BYTES) {
      return new Malformed<>(TOO_LONG);
    }
    return switch (result(UnitText.decode(bytes))) {
      case Malformed<Result>(var reason) -> new Malformed<>(reason);
      case Ok<Result>(var result) -> new Ok<>(new UnitReading(result.file(), result.warnings()));
    };
  }

  private static Parsed<Result> result(String text) {
    if (UnitText.isTooLong(text)) {
      return new Malformed<>(TOO_LONG);
    }
    return switch (UnitFileParser.parse(text)) {
      case Malformed<Result> malformed -> malformed;
      case Ok<Result> ok when text.length() < LONGEST_LINE_BYTES / 4 -> ok;
      case Ok<Result> ok -> {
        String printed = ok.value().file().text();
        yield UnitText.isTooLong(printed)
            ? new Malformed<>(TOO_LONG)
            : UnitFileParser.parse(printed) instanceof Malformed<Result> malformed ? malformed : ok;
      }
    };
  }

  /// This file as it will be once it has been stored and read again: what to check, to store and to
  /// take the fingerprint of when options come from outside, as JSON or from a file on disk.
  ///
  /// Options that were parsed come back as they are, grouped by section. Others may not: a value
  /// with a line feed in it can come back as two options, and an option whose name begins with `#`
  /// as a comment. Malformed if the printed text cannot be read, or a line of it would be ignored.
  ///
  /// The answer is its own normal form, and its text is read back as that same value.
  public Parsed<UnitFile> normalized() {
    String text = apart(options, false).text();
    return switch (result(text)) {
      case Malformed<Result>(var reason) -> new Malformed<>(reason);
      case Ok<Result>(var result) when result.lost() != null -> new Malformed<>(result.lost());
      case Ok<Result>(var result) when !result.file().text().equals(text) ->
          result.file().normalized();
      case Ok<Result>(var result) -> new Ok<>(result.file());
    };
  }

  /// These options, so that none takes in the one after it when they are printed.
  ///
  /// @param parsed whether they were read here, so that a backslash at the end of a value continues
  ///     it into nothing. Where fleet 1.0 read them it was an ordinary one, with a space after it.
  static UnitFile apart(List<UnitOption> options, boolean parsed) {
    if (options.stream().noneMatch(option -> LogicalLine.takesInTheNext(option.value()))) {
      return new UnitFile(options);
    }
    var followed = new TreeSet<String>();
    var apart = new ArrayList<UnitOption>();
    for (UnitOption option : options.reversed()) {
      boolean last = followed.add(option.section());
      String value = option.value();
      if (!last && LogicalLine.takesInTheNext(value)) {
        boolean ordinary = !parsed && LogicalLine.continuesAtItsEnd(value);
        value += ordinary ? " " : "\n";
      }
      apart.add(new UnitOption(option.section(), option.name(), value));
    }
    return new UnitFile(apart.reversed());
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
        .map(UnitOption::meaning)
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
