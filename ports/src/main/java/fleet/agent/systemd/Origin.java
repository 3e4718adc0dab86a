package fleet.agent.systemd;

/// Whose a unit is: fleet's, or the machine's own.
///
/// Names prove nothing: a machine may have a file of its own under the name of a unit of fleet's,
/// in any folder that systemd reads, above fleet's or below it, read already or not. What runs may
/// have been started from a file that is no longer the one that systemd would take.
///
/// @param loaded whose file systemd has read
/// @param another the path of a file of that name, or of its template, that is not fleet's: systemd
///     would read it, were fleet's not there, or reads it in spite of that; empty if there is none.
///     A mask (`systemctl mask`) is none
/// @param vital whether the agent itself lives in it
public record Origin(Loaded loaded, String another, boolean vital) {

  /// Whose file systemd has read.
  public enum Loaded {
    /// There is none, or none any more.
    NOTHING,
    /// It lies in fleet's directory, wherever systemd found a link to it.
    FLEETS,
    /// It is somebody else's.
    ANOTHERS
  }

  /// Of a unit that nobody has.
  public static final Origin NOWHERE = new Origin(Loaded.NOTHING, "", false);

  /// Of a unit of fleet's that rests.
  public static final Origin FLEET = new Origin(Loaded.FLEETS, "", false);
}
