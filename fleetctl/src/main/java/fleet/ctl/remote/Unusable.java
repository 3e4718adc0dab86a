package fleet.ctl.remote;

/// The user's settings lead to no API. Nothing was asked of anybody: say so and end.
public final class Unusable extends RuntimeException {

  private static final long serialVersionUID = 1;

  Unusable(String reason) {
    super(reason);
  }
}
