package fleet.cluster.env;

import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;

/// What a log says of one trouble that may last: its first sign at once, then at doubling intervals
/// how often it has come, and its end. For any thread.
///
/// A trouble has one place in the code, which has one of these. Its kinds are few and named there,
/// by type or by what it concerns: the texts of libraries have addresses and nanoseconds in them,
/// and differ each time. Another kind of trouble is told at once; when it is over, all are.
///
/// One that comes and goes all the time is one trouble, and is told no more often than one that
/// stays. One that has lasted for [#FIRST] has been worth a word of its own, and so is the next.
///
/// ```
/// WARNING systemd does not answer reason="no answer within 2 s"
/// WARNING systemd does not answer reason="connection refused" (41 times in 1 min)
/// WARNING systemd does not answer reason="connection refused" (122 times in 3 min)
/// INFO    systemd answers again, after 4 min 10 s
/// ```
public final class LastingTrouble {

  /// Between the first two lines.
  public static final Duration FIRST = Duration.ofMinutes(1);

  /// At which intervals no longer double: who looks at the log of the last hour should see it.
  public static final Duration LONGEST = Duration.ofHours(1);

  /// So many kinds are told at once; with more than a person can tell apart all are one.
  private static final int MOST_KINDS = 8;

  private final Environment environment;
  private final TreeSet<String> kinds = new TreeSet<>();

  /// How often it has come; 0 if it never has.
  private long count;

  private Duration since = Duration.ZERO;
  private Duration next = Duration.ZERO;
  private Duration interval = FIRST;

  /// Since when it has been there without an end.
  private Duration stretch = Duration.ZERO;

  /// When it was over last, if it is.
  private Optional<Duration> over = Optional.empty();

  /// Whether the last word on it was that it is there.
  private boolean told;

  public LastingTrouble(Environment environment) {
    this.environment = environment;
  }

  /// Takes note that the trouble has come, or is still there.
  ///
  /// @param sentence what to say of it
  /// @return what to log now: the sentence, with a count if it is not the first; empty for nothing
  public Optional<String> met(String sentence) {
    return met("", sentence);
  }

  /// The same for a trouble of several kinds.
  ///
  /// @param kind not a text that a library has made
  public synchronized Optional<String> met(String kind, String sentence) {
    Duration now = environment.uptime();
    if (over.isPresent() && now.minus(over.get()).compareTo(interval) >= 0) {
      forget();
    }
    if (count == 0) {
      since = now;
    }
    if (count == 0 || over.isPresent()) {
      stretch = now;
      over = Optional.empty();
    }
    count++;
    boolean isNew = kinds.size() < MOST_KINDS && kinds.add(kind);
    boolean isDue = now.compareTo(next) >= 0;
    boolean stays = !told && now.minus(stretch).compareTo(FIRST) >= 0;
    if (!isNew && !isDue && !stays) {
      return Optional.empty();
    }
    if (count == 1) {
      next = now.plus(interval);
    } else if (isDue || stays) {
      interval = interval.compareTo(LONGEST.dividedBy(2)) < 0 ? interval.plus(interval) : LONGEST;
      next = now.plus(interval);
    }
    told = true;
    return Optional.of(
        count == 1
            ? sentence
            : sentence + " (" + count + " times in " + Spans.text(now.minus(since)) + ")");
  }

  /// Takes note that it is over, or that there is none.
  ///
  /// @param sentence what to say then, such as "systemd answers again"
  /// @return what to log now: the sentence, and how long it has lasted; empty for nothing
  public synchronized Optional<String> over(String sentence) {
    if (count == 0 || over.isPresent()) {
      return Optional.empty();
    }
    Duration now = environment.uptime();
    boolean tell = told;
    Duration lasted = now.minus(since);
    over = Optional.of(now);
    told = false;
    if (now.minus(stretch).compareTo(FIRST) >= 0) {
      forget();
    }
    return tell ? Optional.of(sentence + ", after " + Spans.text(lasted)) : Optional.empty();
  }

  private void forget() {
    kinds.clear();
    count = 0;
    next = Duration.ZERO;
    interval = FIRST;
    over = Optional.empty();
    told = false;
  }
}
