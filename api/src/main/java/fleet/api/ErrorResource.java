package fleet.api;

/// Why a request was refused.
///
/// @param code the status of the response, again
/// @param message for people; empty where fleet v1 said nothing either
public record ErrorResource(int code, String message) {}
