package fleet.api.service;

import fleet.api.Page;
import fleet.api.UnitResource;
import fleet.api.WireReader;
import fleet.api.WireWriter;
import fleet.cluster.TargetState;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.Quoted;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Optional;

/// The resource `units`.
final class Units {

  private final ClusterViews views;
  private final UnitWriter writer;

  Units(ClusterViews views, UnitWriter writer) {
    this.views = views;
    this.writer = writer;
  }

  static Response missing() {
    return Response.error(404, "unit does not exist");
  }

  Response list(PageToken token) throws InterruptedException {
    ClusterView view = views.of(token);
    Page<UnitName> names = token.cut(view.unitNames());
    return Response.ok(
        WireWriter.units(new Page<>(view.listed(names.items()), names.nextPageToken())));
  }

  Response show(String name) throws InterruptedException {
    if (!(UnitName.parse(name) instanceof Ok<UnitName>(var parsed))) {
      return missing();
    }
    ClusterView view = views.now();
    Optional<String> unreadable = view.unreadable(parsed);
    if (unreadable.isPresent()) {
      return Response.error(500, unreadable.get());
    }
    return view.unit(parsed)
        .map(unit -> Response.ok(WireWriter.unit(unit)))
        .orElseGet(Units::missing);
  }

  Response destroy(String name) throws InterruptedException {
    return UnitName.parse(name) instanceof Ok<UnitName>(var parsed)
        ? writer.delete(parsed)
        : missing();
  }

  /// Creates a unit, replaces its options, or sets its desired state.
  Response set(String name, Request request) throws InterruptedException {
    Optional<String> unacceptable = unacceptableType(request.header("Content-Type"));
    if (unacceptable.isPresent()) {
      return Response.error(415, unacceptable.get());
    }
    return switch (WireReader.unit(request.body())) {
      case Malformed<UnitResource>(var reason) ->
          Response.error(400, "unable to decode body: " + reason);
      case Ok<UnitResource>(var body) -> set(name, body);
    };
  }

  private static Optional<String> unacceptableType(List<String> types) {
    if (types.size() != 1) {
      return Optional.of("expected 1 Content-Type, got " + types.size());
    }
    String type = types.getFirst();
    int semicolon = type.indexOf(';');
    String bare = semicolon < 0 ? type : type.substring(0, semicolon);
    return bare.strip().equals("application/json")
        ? Optional.empty()
        : Optional.of("only acceptable Content-Type is application/json");
  }

  private Response set(String name, UnitResource body) throws InterruptedException {
    if (!body.name().isEmpty() && !body.name().equals(name)) {
      return Response.error(
          400,
          "name in URL "
              + Quoted.text(name)
              + " differs from unit name in request body "
              + Quoted.text(body.name()));
    }
    return switch (UnitName.parse(name)) {
      case Malformed<UnitName>(var reason) -> Response.error(400, reason);
      case Ok<UnitName>(var parsed) -> set(parsed, body);
    };
  }

  private Response set(UnitName name, UnitResource body) throws InterruptedException {
    Optional<TargetState> target = TargetState.of(body.desiredState());
    if (target.isEmpty() && !body.desiredState().isEmpty()) {
      return Response.error(
          400,
          "invalid desiredState: expected inactive, loaded or launched, found "
              + Quoted.text(body.desiredState()));
    }
    if (body.options().isEmpty()) {
      return writer.put(new UnitEdit(name, Optional.empty(), target));
    }
    return switch (new UnitFile(body.options()).normalized()) {
      case Malformed<UnitFile>(var reason) -> Response.error(400, reason);
      case Ok<UnitFile>(var file) when file.options().isEmpty() ->
          Response.error(400, "invalid options: nothing is left of them in a unit file");
      case Ok<UnitFile>(var file) -> writer.put(new UnitEdit(name, Optional.of(file), target));
    };
  }
}
