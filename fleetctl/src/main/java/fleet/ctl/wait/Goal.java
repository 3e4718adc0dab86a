package fleet.ctl.wait;

/// How far somebody wants units to come, and the words for it.
public enum Goal {
  /// Known to the cluster. There is nothing to wait for.
  SUBMITTED("inactive", "submit", "creating", "submitted"),
  /// On a machine whose systemd knows them, not started.
  LOADED("loaded", "load", "loading", "loaded"),
  /// Started, and found to run or to have finished well.
  LAUNCHED("launched", "start", "starting", "started"),
  /// Started anew, on one machine, since somebody asked for it, and found as by [#LAUNCHED].
  RESTARTED("launched", "restart", "restarting", "restarted"),
  /// Not running; on a machine or on none.
  STOPPED("loaded", "stop", "stopping", "stopped"),
  /// On no machine, and none still stopping them.
  UNLOADED("inactive", "unload", "unloading", "unloaded"),
  /// Unknown to the cluster, and on no machine.
  GONE("", "destroy", "destroying", "destroyed");

  private final String desiredState;
  private final String verb;
  private final String activity;
  private final String done;

  Goal(String desiredState, String verb, String activity, String done) {
    this.desiredState = desiredState;
    this.verb = verb;
    this.activity = activity;
    this.done = done;
  }

  /// The desired state that leads there, in the API's words; empty if the unit must go.
  public String desiredState() {
    return desiredState;
  }

  /// The verb that leads there. Of a goal that takes an order it is also what the API calls that.
  public String verb() {
    return verb;
  }

  /// What has yet to happen, as in `web.service to be started`.
  String missing() {
    return "to be " + done;
  }

  /// What is being done on the way there, as in `Error starting units`.
  public String activity() {
    return activity;
  }

  /// What is true of units that are there, as in `Not started: web.service`.
  public String done() {
    return done;
  }

  /// Whether `submit`, `load` or `start` may replace the file of a unit whose desired state is
  /// `state`. Never one that has come further than the verb would take it.
  public boolean mayReplace(String state) {
    return this == LAUNCHED || state.equals("inactive") || state.equals(desiredState);
  }
}
