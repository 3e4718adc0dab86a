package fleet.cluster.registry;

import fleet.cluster.Explanation;
import java.util.Optional;

/// An explanation as it lies in the store: whole, or without the reasons that it shares.
///
/// @param reasons the name of those; empty if the explanation is whole
record Explained(Explanation explanation, Optional<String> reasons) {}
