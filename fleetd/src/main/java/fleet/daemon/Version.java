package fleet.daemon;

import java.util.Optional;

/// The version of this fleet, as its build names it.
final class Version {

  /// From the manifest of our own jar; `development` where there is none.
  static final String TEXT =
      Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
          .orElse("development");

  private Version() {}
}
