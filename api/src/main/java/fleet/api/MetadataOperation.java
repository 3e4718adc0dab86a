package fleet.api;

/// One operation of a JSON Patch (RFC 6902) on the metadata of machines, as it was sent.
///
/// @param op `add`, `remove` or `replace`, if the sender knew
/// @param path `/<machine>/metadata/<key>`
/// @param value sent as text, or as fleet v1 had it: `{"value":"<text>"}`; empty if not sent
public record MetadataOperation(String op, String path, String value) {}
