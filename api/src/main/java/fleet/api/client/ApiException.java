package fleet.api.client;

/// The server understood, and said no. Nothing was changed, unless [#code()] is 500 or more: then
/// read before you act.
public final class ApiException extends ClientException {

  private static final long serialVersionUID = 1;

  private final int code;

  /// The message is what Google's client for Go made of such an answer, which fleet 1.0 showed.
  ///
  /// @param code the HTTP status: 400 or more
  /// @param words the server's own; empty if it had none
  /// @param body what it answered
  ApiException(int code, String words, String body) {
    super(
        words.isEmpty()
            ? "got HTTP response code " + code + " with body: " + body
            : "Error " + code + ": " + words);
    this.code = code;
  }

  /// The HTTP status: 400 or more.
  public int code() {
    return code;
  }
}
