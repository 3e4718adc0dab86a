package fleet.store.embedded;

/// A key and what is bound to it.
///
/// @param createRevision when the key came into being, since it was last absent
/// @param modRevision when the value was last put
/// @param version how many times it was put since the key came into being
/// @param lease with which the key ends; 0 if with none
public record Item(
    Bytes key, Bytes value, long createRevision, long modRevision, long version, long lease) {}
