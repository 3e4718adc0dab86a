package fleet.ctl.command;

/// What the program tells whoever started it. Verbs that run something elsewhere pass on that
/// thing's status instead.
public final class Exit {

  /// All that was asked for is done.
  public static final int DONE = 0;

  /// Some of what was asked for is not done; the reason is on the error stream.
  public static final int FAILED = 1;

  /// The question makes no sense; nothing was done. fleet v1 said 0 to most such questions, so that
  /// scripts took them for done.
  public static final int USAGE = 2;

  /// A machine was not reached, or a program there could not be started: ssh's own word for it.
  public static final int UNREACHED = 255;

  private Exit() {}

  /// What there is to tell of something that is done, or that is not.
  public static int of(boolean done) {
    return done ? DONE : FAILED;
  }
}
