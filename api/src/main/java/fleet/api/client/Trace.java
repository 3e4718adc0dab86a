package fleet.api.client;

/// Follows what a client asks and what it is answered, for whoever looks for the reason of
/// something. Runs on the client's thread.
public interface Trace {

  /// Follows nothing.
  Trace NONE =
      new Trace() {
        @Override
        public void asked(String method, String url) {}

        @Override
        public void answered(String method, String url, int status) {}
      };

  /// A request is about to be sent.
  ///
  /// @param url the whole of it; the host of a unix socket is `domain-sock`, as in fleet 1.0's log
  void asked(String method, String url);

  /// It was answered.
  void answered(String method, String url, int status);
}
