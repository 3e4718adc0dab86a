package fleet.api;

/// What the systemd of one machine says of one unit. An empty text stands for a field that is not
/// there.
///
/// @param hash of the file that the machine has loaded: 40 hex digits
/// @param systemdLoadState, systemdActiveState, systemdSubState systemd's own words
///     (org.freedesktop.systemd1(5)): `loaded`, `active`, `running`
/// @param run how its present or last run goes; told only to who asks for details, which fleet v1
///     had not
public record UnitStateResource(
    String name,
    String hash,
    String machineId,
    String systemdLoadState,
    String systemdActiveState,
    String systemdSubState,
    RunResource run) {

  /// What is known of a unit that no machine reports.
  public static final UnitStateResource NOTHING =
      new UnitStateResource("", "", "", "", "", "", RunResource.NONE);

  public static final JsonCodec<UnitStateResource> JSON =
      new RecordCodec<>(NOTHING) {
        @Override
        UnitStateResource pass(Fields fields, UnitStateResource state) {
          return new UnitStateResource(
              fields.text("name", state.name),
              fields.text("hash", state.hash),
              fields.text("machineID", state.machineId),
              fields.text("systemdLoadState", state.systemdLoadState),
              fields.text("systemdActiveState", state.systemdActiveState),
              fields.text("systemdSubState", state.systemdSubState),
              RunResource.JSON.pass(fields, state.run));
        }
      };

  public static final JsonCodec<ListPage<UnitStateResource>> PAGE = ListPage.codec("states", JSON);
}
