package fleet.ctl.remote;

/// What the user gave as endpoint is none. Nothing was asked of anybody: say so and end.
public final class UnusableEndpoint extends RuntimeException {

  private static final long serialVersionUID = 1;

  UnusableEndpoint(String reason) {
    super(reason);
  }
}
