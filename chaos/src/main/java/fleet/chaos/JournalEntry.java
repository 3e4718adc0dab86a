package fleet.chaos;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What systemd wrote about a unit, as `journalctl -o json` prints it.
record JournalEntry(Instant at, What what, String unit, String invocation) {

  /// systemd.journal-fields(7) and systemd's `sd-messages.h` have these numbers.
  enum What {
    STARTED("39f53479d3a045ac8e11786248231fbf"),
    STOPPING("de5b426a63be47a7b6ac3eaac82e2f6f"),
    STOPPED("9d1aaa27d60140bd96365438aad20286"),
    PROCESS_ENDED("98e322203f7a4ed290d09fe03c09fe15"),
    SUCCEEDED("7ad2d189f7e94e70a38c781354912448"),
    FAILED("d9b373ed55a64feb8242e02dbe79a49c");

    private final String id;

    What(String id) {
      this.id = id;
    }

    static Optional<What> of(String id) {
      return List.of(values()).stream().filter(what -> what.id.equals(id)).findFirst();
    }

    /// What `journalctl` must be asked for.
    String match() {
      return "MESSAGE_ID=" + id;
    }
  }

  /// Reads one line; absent if it is about something else.
  static Optional<JournalEntry> parse(String line) {
    String unit = field(line, "UNIT");
    // When it was written, and not when the journal, which may have been frozen, has read it.
    String sent = field(line, "_SOURCE_REALTIME_TIMESTAMP");
    String micros = sent.isEmpty() ? field(line, "__REALTIME_TIMESTAMP") : sent;
    return unit.isEmpty() || micros.isEmpty()
        ? Optional.empty()
        : What.of(field(line, "MESSAGE_ID"))
            .map(
                what ->
                    new JournalEntry(
                        Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS),
                        what,
                        unit,
                        field(line, "INVOCATION_ID")));
  }

  private static String field(String line, String name) {
    Matcher matcher = Pattern.compile("[{,]\"" + name + "\":\"([^\"]*)\"").matcher(line);
    return matcher.find() ? matcher.group(1) : "";
  }
}
