package fleet.simulation;

/// A kind of call by which a daemon touches the world.
enum PortCall {
  LOOK,
  INSTALL,
  RELOAD,
  START,
  RESTART,
  STOP,
  REMOVE,
  ARM,
  CONFIRM,
  DISARM,
  LAST_LINES,
  /// What is assigned to a machine is read.
  FOLLOW,
  /// Anything else is read.
  READ,
  GRANT,
  RENEW,
  /// States are published.
  PUBLISH,
  /// The leader assigns units, or takes them off machines.
  ASSIGN,
  /// Any other transaction.
  COMMIT,
  /// Something is noted on the machine's disk.
  SAVE;

  boolean isOfStore() {
    return switch (this) {
      case FOLLOW, READ, GRANT, RENEW, PUBLISH, ASSIGN, COMMIT -> true;
      default -> false;
    };
  }

  /// @param request of a store
  /// @param key that it is about
  static PortCall of(String request, String key) {
    return switch (request) {
      case "keepAlive" -> RENEW;
      case "grant" -> GRANT;
      case "commit" ->
          key.startsWith("/fleet/states/")
              ? PUBLISH
              : key.startsWith("/fleet/assignments/") ? ASSIGN : COMMIT;
      case "range" -> key.startsWith("/fleet/assignments/") ? FOLLOW : READ;
      default -> READ;
    };
  }
}
