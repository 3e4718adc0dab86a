package fleet.api.client;

/// There was no answer that could be understood. The request may have been carried out: read before
/// you repeat a write that must not be carried out twice.
public final class Unreachable extends ClientException {

  private static final long serialVersionUID = 1;

  /// What is to be expected of the next request.
  public enum Prospect {
    /// It may well be answered: the server is slow, or is being restarted.
    SOON,
    /// It will be answered once somebody has put a server there: there is none at that address.
    ABSENT,
    /// It will fail in the same way, since we are not allowed to speak to the server, or do not
    /// trust it, or do not understand it.
    NEVER
  }

  private final transient Endpoint endpoint;
  private final Prospect prospect;

  /// @param endpoint what was asked
  /// @param reason what went wrong, for people
  public Unreachable(Endpoint endpoint, String reason, Prospect prospect, Throwable cause) {
    super("no answer from " + endpoint.text() + ": " + reason, cause);
    this.endpoint = endpoint;
    this.prospect = prospect;
  }

  /// An answer that cannot be understood.
  ///
  /// @param endpoint what was asked
  /// @param reason what went wrong, for people
  public Unreachable(Endpoint endpoint, String reason) {
    super("no answer from " + endpoint.text() + ": " + reason);
    this.endpoint = endpoint;
    this.prospect = Prospect.NEVER;
  }

  /// What was asked.
  public Endpoint endpoint() {
    return endpoint;
  }

  /// What is to be expected of the next request.
  public Prospect prospect() {
    return prospect;
  }
}
