package fleet.api.service;

import fleet.api.ListPage;
import fleet.api.UnitResource;
import fleet.api.message.PageToken;
import fleet.api.message.Request;
import fleet.api.message.Response;
import fleet.cluster.OrderId;
import fleet.cluster.TargetState;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.Quoted;
import fleet.unit.UnitFile;
import fleet.unit.UnitName;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The resource `units`.
final class UnitRequests {

  private final ClusterViews views;
  private final UnitWriter writer;
  private final JustLowered lowered;
  private final Supplier<OrderId> ids;

  /// @param lowered what fleet v1's client has lowered
  /// @param ids makes names for orders that bear none
  UnitRequests(ClusterViews views, UnitWriter writer, JustLowered lowered, Supplier<OrderId> ids) {
    this.views = views;
    this.writer = writer;
    this.lowered = lowered;
    this.ids = ids;
  }

  static Response missing() {
    return Response.error(404, UnitEdit.UNKNOWN);
  }

  Response list(PageToken token, Request request) throws InterruptedException {
    ClusterView view = views.of(token);
    ListPage<UnitResource> page = token.cut(view.unitNames()).map(view::listed);
    boolean ofClient = JustLowered.isOfClient(request);
    return Response.ok(UnitResource.PAGE.write(ofClient ? page.map(this::asToldToClient) : page));
  }

  private UnitResource asToldToClient(UnitResource unit) {
    boolean hidden =
        unit.desiredState().equals(TargetState.LOADED.text())
            && UnitName.parse(unit.name()) instanceof Ok<UnitName>(var name)
            && lowered.contains(name);
    return hidden
        ? new UnitResource(
            unit.name(),
            unit.desiredState(),
            TargetState.LAUNCHED.text(),
            unit.machineId(),
            unit.options())
        : unit;
  }

  Response show(String name, Request request) throws InterruptedException {
    if (!(UnitName.parse(name) instanceof Ok<UnitName>(var parsed))) {
      return missing();
    }
    ClusterView view = views.now();
    Optional<String> unreadable = view.unreadable(parsed);
    if (unreadable.isPresent()) {
      return Response.error(500, unreadable.get());
    }
    return view.unit(parsed)
        .map(unit -> JustLowered.isOfClient(request) ? asToldToClient(unit) : unit)
        .map(unit -> Response.ok(UnitResource.JSON.write(unit)))
        .orElseGet(UnitRequests::missing);
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
    return switch (UnitResource.JSON.read(request.body())) {
      case Malformed<UnitResource>(var reason) ->
          Response.error(400, "unable to decode body: " + reason);
      case Ok<UnitResource>(var body) -> set(name, body, JustLowered.isOfClient(request));
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

  private Response set(String name, UnitResource body, boolean ofClient)
      throws InterruptedException {
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
      case Ok<UnitName>(var parsed) -> set(parsed, body, ofClient);
    };
  }

  private Response set(UnitName name, UnitResource body, boolean ofClient)
      throws InterruptedException {
    Optional<TargetState> target = TargetState.of(body.desiredState());
    if (target.isEmpty() && !body.desiredState().isEmpty()) {
      return Response.error(
          400,
          "invalid desiredState: expected inactive, loaded or launched, found "
              + Quoted.text(body.desiredState()));
    }
    if (body.options().isEmpty()) {
      return write(new UnitEdit(name, Optional.empty(), target, ids.get()), ofClient);
    }
    return switch (UnitEdit.file(body.options())) {
      case Malformed<UnitFile>(var reason) -> Response.error(400, reason);
      case Ok<UnitFile>(var file) ->
          write(new UnitEdit(name, Optional.of(file), target, ids.get()), ofClient);
    };
  }

  private Response write(UnitEdit edit, boolean ofClient) throws InterruptedException {
    UnitWriter.Written written = writer.put(edit);
    if (ofClient && written.lowered() && edit.file().isEmpty()) {
      lowered.add(edit.name());
    } else {
      lowered.remove(edit.name());
    }
    return written.response();
  }
}
