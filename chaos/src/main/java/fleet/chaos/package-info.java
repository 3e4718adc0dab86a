/// The chaos command: faults of all kinds on real machines, while users are at work; and whether
/// fleet keeps its promises.
///
/// [fleet.chaos.Chaos] tells the story. What is known afterwards, of users
/// ([fleet.chaos.UserCommand]), faults ([fleet.chaos.Trouble]) and units ([fleet.chaos.Run],
/// [fleet.chaos.Survey]), are values; [fleet.chaos.Promises] and [fleet.chaos.Rest] judge them, as
/// functions.
@org.jspecify.annotations.NullMarked
package fleet.chaos;
