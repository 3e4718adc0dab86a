package fleet.api.client;

import java.net.ConnectException;

/// There is nothing at an address that could refuse a connection. Whoever has not been answered
/// there before need not try again.
final class NobodyThere extends ConnectException {

  private static final long serialVersionUID = 1;

  NobodyThere(String message) {
    super(message);
  }
}
