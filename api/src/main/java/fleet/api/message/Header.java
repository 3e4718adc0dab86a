package fleet.api.message;

/// A field of the head of a request or response.
public record Header(String name, String value) {}
