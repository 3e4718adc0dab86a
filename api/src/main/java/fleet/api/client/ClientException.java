package fleet.api.client;

/// A request to the API did not succeed.
public abstract sealed class ClientException extends RuntimeException
    permits ApiException, Unreachable {

  private static final long serialVersionUID = 1;

  ClientException(String message) {
    super(message);
  }

  ClientException(String message, Throwable cause) {
    super(message, cause);
  }
}
