package fleet.simulation;

import java.util.Optional;

/// An aimed fault that is yet to fall.
///
/// @param moment of the call at which it falls
/// @param then what follows it shortly after
record Shot(Moment moment, Blow blow, Optional<Blow> then) {

  /// Whether the call itself is late.
  boolean delays() {
    return blow == Blow.DELAY || then.equals(Optional.of(Blow.DELAY));
  }

  /// A part of a call.
  enum Moment {
    /// Nothing has been done yet.
    BEFORE,
    /// It has been done, and the caller does not know.
    DURING,
    /// The caller has been told, and has done nothing else yet.
    AFTER
  }
}
