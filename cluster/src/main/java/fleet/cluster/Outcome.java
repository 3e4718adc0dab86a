package fleet.cluster;

import java.util.Locale;
import java.util.Optional;

/// What became of one order on one machine, as far as that machine knows.
///
/// @param words what there is to say of it, for people to read: systemd's own words where it has
///     said some; empty if there is nothing to say
/// @param before what the unit was when the order was taken in hand
/// @param after what it was when this became of it
public record Outcome(Order order, Result result, String words, Seen before, Seen after) {

  /// What a unit was at one time.
  ///
  /// @param active, sub systemd's own words (org.freedesktop.systemd1(5)): `active`, `running`
  /// @param result systemd's word for how it last ended; empty where the type of unit has none
  /// @param invocation systemd's name for this run of it, another with each start; empty if it has
  ///     not run, or if that is not known
  public record Seen(String active, String sub, String result, String invocation) {
    /// Of a unit that has not been looked at.
    public static final Seen NOTHING = new Seen("", "", "", "");
  }

  /// How it went.
  public enum Result {
    /// It was carried out: the unit is as it was asked to be. One that has ended well is, too.
    DONE,
    /// The unit was as it was asked to be: nothing was done.
    ALREADY,
    /// The unit did not come to run at all. That is tried again, and this becomes [#DONE] once it
    /// has come up.
    NOT_STARTED,
    /// The unit ran and failed, or could not be stopped.
    FAILED,
    /// Nothing was done, since systemd would not have: the unit is what it was, in the text and the
    /// invocation that it was.
    REFUSED,
    /// A later order came before this one was carried out.
    SUPERSEDED,
    /// The agent ended while it carried this out, and the next one cannot know what was done.
    UNCERTAIN;

    /// The word for it in the API and in the store.
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The result of that word; empty for any other text.
    public static Optional<Result> of(String text) {
      for (Result result : values()) {
        if (result.text().equals(text)) {
          return Optional.of(result);
        }
      }
      return Optional.empty();
    }
  }
}
