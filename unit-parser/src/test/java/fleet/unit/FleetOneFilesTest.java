package fleet.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.unit.Parsed.Ok;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Fingerprints are those of fleet 1.0, but for files that meant something else to it.
class FleetOneFilesTest {

  private static final int FILES = 20_000;

  /// To fleet 1.0 the value goes on there, and to systemd it does not. That both come to the same
  /// is chance, unless nothing follows.
  private static final Pattern TWO_BACKSLASHES =
      Pattern.compile("(?<!\\\\)(\\\\\\\\)+\r?\n(?![ \t]*(\r?\n|\\z))");

  private static final Pattern LONE_CARRIAGE_RETURN = Pattern.compile("\r(?!\n)");

  @Test
  void fingerprintsAreThoseOfFleetOneWhereItReadTheSame() {
    long same =
        texts()
            .filter(
                text -> {
                  Optional<UnitFile> theirs = ofFleetOne(text);
                  Optional<UnitFile> ours = of(text);
                  boolean alike =
                      theirs.isPresent()
                          && ours.isPresent()
                          && meaning(theirs.get()).equals(meaning(ours.get()))
                          && of(theirs.get().text())
                              .map(FleetOneFilesTest::meaning)
                              .equals(ours.map(FleetOneFilesTest::meaning));
                  if (alike) {
                    assertEquals(theirs.get().text(), ours.get().text(), text);
                  }
                  return alike;
                })
            .count();

    assertTrue(same > FILES / 10, () -> same + " mean the same");
  }

  @Test
  void whatWasStoredByTheOldRulesKeepsItsFingerprintIfItMeansTheSame() {
    long same =
        texts()
            .filter(
                text -> {
                  Optional<UnitFile> stored = normalizedByTheOldRules(text);
                  Optional<UnitFile> ours = stored.flatMap(file -> of(file.text()));
                  boolean alike =
                      ours.isPresent() && meaning(stored.get()).equals(meaning(ours.get()));
                  if (alike) {
                    assertEquals(stored.get().text(), ours.get().text(), text);
                    assertEquals(new Ok<>(ours.get()), ours.get().normalized());
                  }
                  return alike;
                })
            .count();

    assertTrue(same > FILES / 10, () -> same + " mean the same");
  }

  @Test
  void whatIsStoredIsReadBackAsItIsAndMeansWhatTheFileMeant() {
    texts()
        .forEach(
            text ->
                of(text)
                    .ifPresent(
                        file -> {
                          UnitFile stored = file.normalized().orElseThrow();

                          assertEquals(meaning(file), meaning(stored), text);
                          assertEquals(Optional.of(stored), of(stored.text()), text);
                          assertEquals(new Ok<>(stored), stored.normalized(), text);
                        }));
  }

  private static Stream<String> texts() {
    return LongStream.range(0, FILES)
        .mapToObj(seed -> UnitText.decode(OddUnitFiles.of(seed).ofFleet()))
        .filter(UnitText::isUnicode)
        .filter(text -> !LONE_CARRIAGE_RETURN.matcher(text).find())
        .filter(text -> !TWO_BACKSLASHES.matcher(text).find());
  }

  private static Optional<UnitFile> of(String text) {
    return UnitFile.parse(text) instanceof Ok<UnitFile>(var file)
        ? Optional.of(file)
        : Optional.empty();
  }

  private static Optional<UnitFile> ofFleetOne(String text) {
    return FleetOneParser.parse(text) instanceof Ok<UnitFile>(var file)
        ? Optional.of(new UnitFile(file.options()))
        : Optional.empty();
  }

  /// What fleet before these rules stored for the file.
  private static Optional<UnitFile> normalizedByTheOldRules(String text) {
    Optional<UnitFile> file = ofFleetOne(text);
    Optional<UnitFile> again = file.flatMap(f -> ofFleetOne(f.text()));
    while (file.isPresent() && again.isPresent() && !again.get().text().equals(file.get().text())) {
      file = again;
      again = file.flatMap(f -> ofFleetOne(f.text()));
    }
    return again;
  }

  /// The options by section, in the order in which sections first appear, as systemd takes them.
  private static List<String> meaning(UnitFile file) {
    var sections = new ArrayList<String>();
    file.options().forEach(option -> sections.add(option.section()));
    return sections.stream()
        .distinct()
        .flatMap(
            section ->
                file.options().stream()
                    .filter(option -> option.section().equals(section))
                    .map(option -> section + "\n" + option.name() + "=" + option.meaning()))
        .toList();
  }
}
