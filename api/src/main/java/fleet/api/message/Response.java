package fleet.api.message;

import fleet.api.ErrorResource;
import java.util.ArrayList;
import java.util.List;

/// What a client is told.
///
/// @param body to be sent as UTF-8; empty if there is none
public record Response(int status, List<Header> headers, String body) {

  private static final Header JSON = new Header("Content-Type", "application/json");

  public Response {
    headers = List.copyOf(headers);
  }

  /// An error in the form that all errors of the API have.
  ///
  /// @param message for people; empty where fleet v1 said nothing either
  public static Response error(int status, String message) {
    return json(status, ErrorResource.JSON.write(new ErrorResource(status, message)));
  }

  public static Response ok(String json) {
    return json(200, json);
  }

  private static Response json(int status, String json) {
    return new Response(status, List.of(JSON), json);
  }

  /// Success without a body, such as 201 or 204.
  public static Response done(int status) {
    return new Response(status, List.of(), "");
  }

  public Response with(Header header) {
    var more = new ArrayList<>(headers);
    more.add(header);
    return new Response(status, more, body);
  }

  public Response asJson() {
    return with(JSON);
  }
}
