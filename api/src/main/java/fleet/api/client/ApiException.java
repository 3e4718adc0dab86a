package fleet.api.client;

/// The server understood, and said no. Nothing was changed, unless [#code()] is 500 or more: then
/// read before you act.
public final class ApiException extends ClientException {

  private static final long serialVersionUID = 1;

  private final int code;

  /// @param code the HTTP status: 400 or more
  /// @param message the server's own words, or what else it answered if it had none
  public ApiException(int code, String message) {
    super(message);
    this.code = code;
  }

  /// The HTTP status: 400 or more.
  public int code() {
    return code;
  }
}
