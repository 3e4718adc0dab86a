package fleet.api.client;

/// There was no answer that could be understood. The request may have been carried out: read before
/// you repeat a write.
public final class Unreachable extends ClientException {

  private static final long serialVersionUID = 1;

  private final transient Endpoint endpoint;

  /// @param endpoint what was asked
  /// @param reason what went wrong, for people
  public Unreachable(Endpoint endpoint, String reason, Throwable cause) {
    super("no answer from " + endpoint.text() + ": " + reason, cause);
    this.endpoint = endpoint;
  }

  /// @param endpoint what was asked
  /// @param reason what went wrong, for people
  public Unreachable(Endpoint endpoint, String reason) {
    super("no answer from " + endpoint.text() + ": " + reason);
    this.endpoint = endpoint;
  }

  /// What was asked.
  public Endpoint endpoint() {
    return endpoint;
  }
}
