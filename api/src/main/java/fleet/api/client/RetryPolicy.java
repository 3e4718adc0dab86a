package fleet.api.client;

/// Decides whether a request that was not answered, or answered by "not now" (503), is sent once
/// more, and waits before it is. It is asked only about requests that may be carried out twice.
///
/// For the one thread that uses the client.
public interface RetryPolicy {

  /// Each request is sent once.
  RetryPolicy NEVER =
      new RetryPolicy() {
        @Override
        public boolean again(ClientException failure) {
          return false;
        }

        @Override
        public void answered() {}
      };

  /// Whether to send the request once more, now. An interrupt says no, and stays for the caller to
  /// find.
  boolean again(ClientException failure);

  /// The server has answered: what fails from now on has just begun to.
  void answered();
}
