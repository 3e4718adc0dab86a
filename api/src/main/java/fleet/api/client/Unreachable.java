package fleet.api.client;

/// There was no answer that could be understood. The request may have been carried out: read before
/// you repeat a write.
public final class Unreachable extends ClientException {

  private static final long serialVersionUID = 1;

  private final String endpoint;

  /// @param endpoint what was asked, as a URI
  /// @param reason what went wrong, for people
  public Unreachable(String endpoint, String reason, Throwable cause) {
    super("no answer from " + endpoint + ": " + reason, cause);
    this.endpoint = endpoint;
  }

  /// @param endpoint what was asked, as a URI
  /// @param reason what went wrong, for people
  public Unreachable(String endpoint, String reason) {
    super("no answer from " + endpoint + ": " + reason);
    this.endpoint = endpoint;
  }

  /// What was asked, as a URI.
  public String endpoint() {
    return endpoint;
  }
}
