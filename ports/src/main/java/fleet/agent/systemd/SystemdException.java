package fleet.agent.systemd;

/// The local systemd could not do what it was asked.
public abstract sealed class SystemdException extends RuntimeException {

  private static final long serialVersionUID = 1;

  SystemdException(String message, Throwable cause) {
    super(message, cause);
  }

  SystemdException(String message) {
    super(message);
  }

  /// No answer, or not in time: the bus or systemd is away or overloaded. It may have been done.
  ///
  /// Look at the units and try again after a pause.
  public static final class Unavailable extends SystemdException {
    private static final long serialVersionUID = 1;

    /// @param message names what was asked, and of whom
    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }

    /// @param message names what was asked, and of whom
    public Unavailable(String message) {
      super(message);
    }
  }

  /// systemd or the file system understood and said no. This concerns one unit: the others can go
  /// on. Trying again helps if the reason has gone, so do it seldom.
  public static final class Refused extends SystemdException {
    private static final long serialVersionUID = 1;
    private final String name;

    /// @param message as systemd or the file system gave it
    /// @param name of the D-Bus error, such as `org.freedesktop.systemd1.NoSuchUnit`; empty if the
    ///     refusal came from the file system
    public Refused(String message, String name) {
      super(message);
      this.name = name;
    }

    /// @param message names the file and what was done with it
    public Refused(String message, Throwable cause) {
      super(message, cause);
      this.name = "";
    }

    /// The name of the D-Bus error; empty if the refusal came from the file system.
    public String name() {
      return name;
    }
  }
}
