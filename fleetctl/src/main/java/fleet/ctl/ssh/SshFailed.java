package fleet.ctl.ssh;

/// A machine is not reached by SSH. Nothing was run there: say so and end. What ssh itself had to
/// say is on the error stream already.
public final class SshFailed extends RuntimeException {

  private static final long serialVersionUID = 1;

  SshFailed(String reason) {
    super(reason);
  }

  SshFailed(String reason, Throwable cause) {
    super(reason, cause);
  }

  /// ssh has ended without having reached `target`.
  static SshFailed ended(SshTarget target, int status) {
    return new SshFailed("ssh to " + target.text() + " ended with status " + status);
  }
}
