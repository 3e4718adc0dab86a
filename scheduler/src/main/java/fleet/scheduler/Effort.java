package fleet.scheduler;

/// How much work a plan has been, counted and not timed, so that a test can say how it grows.
final class Effort {

  private long verdicts;
  private long lookUps;

  /// One machine is asked whether it can take one unit.
  void verdict() {
    verdicts++;
  }

  /// One machine is asked who of its units has to do with one pattern.
  void lookUp() {
    lookUps++;
  }

  /// How often a machine was asked whether it can take a unit.
  long verdicts() {
    return verdicts;
  }

  /// How often a machine was asked who of its units has to do with a pattern.
  long lookUps() {
    return lookUps;
  }

  @Override
  public String toString() {
    return verdicts + " verdicts, " + lookUps + " look-ups";
  }
}
