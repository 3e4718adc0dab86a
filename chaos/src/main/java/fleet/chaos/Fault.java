package fleet.chaos;

/// What can befall a machine, or the store.
enum Fault {
  POWER_OFF("power cut", Effect.TAKES_AWAY),
  REBOOT("reboot", Effect.TAKES_AWAY),
  LEAVE("systemctl stop fleet", Effect.TAKES_AWAY),
  FREEZE("machine frozen", Effect.SILENCES),
  FREEZE_BRIEFLY("machine frozen briefly", Effect.NONE_IF_SHORT),
  FREEZE_DAEMON("fleetd frozen (SIGSTOP)", Effect.SILENCES),
  FREEZE_DAEMON_BRIEFLY("fleetd frozen briefly (SIGSTOP)", Effect.NONE_IF_SHORT),
  CUT("cut off", Effect.SILENCES),
  CUT_BRIEFLY("cut off briefly", Effect.NONE_IF_SHORT),
  MUTE("not heard by the store", Effect.SILENCES),
  DEAF("does not hear the store", Effect.SILENCES),
  CUT_FROM_MACHINE("cut from another machine", Effect.NONE),
  KILL_DAEMON("kill -9 of fleetd", Effect.NONE_IF_SHORT),
  END_DAEMON("kill -TERM of fleetd", Effect.NONE_IF_SHORT),
  RESTART_DAEMON("systemctl restart fleet", Effect.NONE_IF_SHORT),
  RESTART_BUS("systemctl restart dbus", Effect.NONE),
  RELOAD("systemctl daemon-reload", Effect.NONE),
  REEXECUTE("systemctl daemon-reexec", Effect.NONE),
  EDIT_FILE("unit file edited", Effect.NONE),
  DELETE_FILE("unit file deleted", Effect.NONE),
  SHADOW("a file of the machine's own over a unit", Effect.NONE),
  FILL_RUN("/run full", Effect.NONE),
  BREAK("what some units need is missing", Effect.NONE),
  KILL_STORE("store killed", Effect.STORE),
  FREEZE_STORE("store frozen", Effect.STORE),
  FILL_STORE("disk of the store full", Effect.STORE);

  /// What may follow of it for the units of its machine.
  enum Effect {
    /// They end, or are ended, there.
    TAKES_AWAY,
    /// The machine is not heard for longer than a lease: they run elsewhere, and the surplus copies
    /// are stopped when it is heard again.
    SILENCES,
    /// Nothing, if it is over, or the next daemon is there, within what remains of a lease.
    NONE_IF_SHORT,
    /// Nothing.
    NONE,
    /// Nothing, and no failover meanwhile.
    STORE
  }

  private final String words;
  private final Effect effect;

  Fault(String words, Effect effect) {
    this.words = words;
    this.effect = effect;
  }

  String words() {
    return words;
  }

  Effect effect() {
    return effect;
  }
}
