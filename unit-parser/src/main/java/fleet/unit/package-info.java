/// Unit files: text, names and placement options. Depends on nothing.
///
/// ```
/// text ──UnitFile.parse──▶ UnitFile ──Requirements.of(name, file)──▶ Requirements
///  ▲                          │  └────Requirements.problems(name, file)──▶ why it is refused
///  └────────UnitFile.text─────┘
/// ```
///
/// Everything here is a function of its arguments, and every text has an answer: a value or, in
/// [fleet.unit.Parsed.Malformed] or a list of problems, the reasons for a person. Nothing throws
/// for what somebody wrote, and no text takes more than its share of time or memory.
///
/// Texts mean what they meant to fleet 1.0, so that files, fingerprints and messages stay as they
/// were. Where we differ, the class says so and why.
@org.jspecify.annotations.NullMarked
package fleet.unit;
