package fleet.api.service;

import fleet.api.ExplanationResource;
import fleet.api.ListPage;
import fleet.api.MachineResource;
import fleet.api.MetadataOperation;
import fleet.api.SilentMachineResource;
import fleet.api.UnitStateResource;
import fleet.api.message.Header;
import fleet.api.message.PageSize;
import fleet.api.message.PageToken;
import fleet.api.message.Redirect;
import fleet.api.message.Request;
import fleet.api.message.RequestTarget;
import fleet.api.message.Response;
import fleet.cluster.MachineId;
import fleet.cluster.OrderId;
import fleet.cluster.env.Environment;
import fleet.cluster.registry.Registry;
import fleet.cluster.store.StoreException;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import fleet.unit.UnitName;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/// Answers the requests of API clients: fleet v1's, byte for byte, and those of our own.
///
/// May be called from many threads at once; each call blocks until it has the answer.
public final class ApiService implements AutoCloseable {

  /// fleet v1's words for a server that cannot answer. Clients look for them.
  private static final String AWAY = "fleet server unable to communicate with etcd";

  private static final List<String> PREFIXES = List.of("/fleet/v1", "/v1-alpha");

  /// A header of ours, by which lists tell what everybody should know who asks anything.
  private static final String WARNING = "Fleet-Warning";

  private static final String ONLY_GET = "only GET supported against this resource";

  /// @param tokenLimit how many items a page of a list has: from 1 to 65,535
  /// @param version of this `fleetd`, as shown to clients
  public record Settings(int tokenLimit, String version) {}

  private final Environment environment;
  private final Supplier<Settings> settings;
  private final Supplier<Availability> availability;
  private final Supplier<String> metrics;
  private final ClusterViews views;
  private final UnitRequests units;
  private final UnitOrders orders;
  private final MachineWriter machines;

  /// @param settings may change from one request to the next
  /// @param metrics the present body of `/metrics`, in the text format of Prometheus
  public ApiService(
      Registry registry,
      Environment environment,
      Supplier<Settings> settings,
      Supplier<Availability> availability,
      Supplier<String> metrics) {
    this.environment = environment;
    this.settings = settings;
    this.availability = availability;
    this.metrics = metrics;
    this.views = new ClusterViews(registry, environment);
    var retry = new OptimisticRetry(environment, views);
    this.units =
        new UnitRequests(
            views, new UnitWriter(registry, retry), new JustLowered(environment), this::orderId);
    this.orders = new UnitOrders(registry, retry, views, this::orderId);
    this.machines = new MachineWriter(registry, retry, views);
  }

  /// A name for an order that bears none.
  private OrderId orderId() {
    return new OrderId("api-" + HexFormat.of().toHexDigits(environment.random().nextLong()));
  }

  /// Answers one request. What goes wrong is part of the answer.
  public Response handle(Request request) throws InterruptedException {
    return switch (availability.get()) {
      case Availability.Away(var cause, var since) ->
          Response.error(
              503,
              "%s: %s, since %s (%d s)"
                  .formatted(
                      AWAY,
                      cause,
                      since.truncatedTo(ChronoUnit.SECONDS),
                      Duration.between(since, environment.now()).toSeconds()));
      case Availability.Ready() -> answer(request).with(server());
    };
  }

  private Header server() {
    return new Header("Server", "fleetd/" + settings.get().version());
  }

  private Response answer(Request request) throws InterruptedException {
    try {
      return switch (RequestTarget.parse(request.target())) {
        case Malformed<RequestTarget>(var reason) -> Response.error(400, reason);
        case Ok<RequestTarget>(var target) -> route(request, target);
      };
    } catch (StoreException.Unavailable e) {
      return Response.error(503, AWAY + ": " + e.getMessage());
    } catch (StoreException e) {
      return Response.error(500, String.valueOf(e.getMessage()));
    }
  }

  private Response route(Request request, RequestTarget target) throws InterruptedException {
    String clean = target.cleanPath();
    if (!clean.equals(target.path())) {
      return Redirect.to(clean, target.query(), request.method());
    }
    if (clean.equals("/") || PREFIXES.contains(clean)) {
      return Response.error(405, "");
    }
    if (clean.equals("/metrics")) {
      return get(request, this::metrics);
    }
    for (String prefix : PREFIXES) {
      if (clean.startsWith(prefix + "/")) {
        return route(request, target, clean.substring(prefix.length() + 1));
      }
    }
    return notFound();
  }

  private static Response notFound() {
    return Response.error(404, "");
  }

  /// @param path after the prefix and its slash
  private Response route(Request request, RequestTarget target, String path)
      throws InterruptedException {
    return switch (path) {
      case "units" -> get(request, () -> page(target, token -> units.list(token, request)));
      case "state" -> get(request, () -> page(target, token -> states(target, token)));
      case "machines" -> machines(request, target);
      case "explanations" -> get(request, () -> page(target, token -> explanations(target, token)));
      case "silent" -> get(request, () -> page(target, this::silentMachines));
      case "discovery" -> discovery(request);
      default -> item(request, path.split("/", -1));
    };
  }

  /// Answers what is about one unit or machine.
  ///
  /// @param path its segments: two, or three of what is not in fleet v1. That is taken by POST
  ///     alone, so that any other method finds what it found there in fleet v1: nothing.
  private Response item(Request request, String[] path) throws InterruptedException {
    String name = path.length < 2 ? "" : path[1];
    if (name.isEmpty()) {
      return notFound();
    }
    if (path.length == 3 && request.method().equals("POST")) {
      return switch (path[0] + "/" + path[2]) {
        case "units/restart" -> orders.restart(name, request.body());
        case "units/orders" -> orders.give(name, request.body());
        case "machines/evict" -> machines.evict(new MachineId(name));
        default -> notFound();
      };
    }
    return switch (path.length == 2 ? path[0] : "") {
      case "units" -> unit(request, name);
      case "state" -> get(request, () -> state(name));
      default -> notFound();
    };
  }

  private Response state(String unit) throws InterruptedException {
    return Response.ok(UnitStateResource.JSON.write(views.now().state(unit)));
  }

  private Response unit(Request request, String name) throws InterruptedException {
    return switch (request.method()) {
      case "GET" -> warned(units.show(name, request));
      case "PUT" -> units.set(name, request);
      case "DELETE" -> units.destroy(name);
      default -> Response.error(405, "only GET, PUT and DELETE supported against this resource");
    };
  }

  private Response machines(Request request, RequestTarget target) throws InterruptedException {
    return switch (request.method()) {
      case "GET" -> page(target, this::machines);
      case "PATCH" ->
          switch (MetadataOperation.PATCH.read(request.body())) {
            case Malformed<List<MetadataOperation>>(var reason) -> Response.error(400, reason);
            case Ok<List<MetadataOperation>>(var operations) -> machines.patch(operations);
          };
      default -> Response.error(405, "only GET and PATCH supported against this resource");
    };
  }

  private Response machines(PageToken token) throws InterruptedException {
    ClusterView view = views.of(token);
    return Response.ok(MachineResource.PAGE.write(token.cut(view.machineIds()).map(view::machine)));
  }

  private Response silentMachines(PageToken token) throws InterruptedException {
    ClusterView view = views.of(token);
    return Response.ok(
        SilentMachineResource.PAGE.write(token.cut(view.silentIds()).map(view::silentMachine)));
  }

  private Response states(RequestTarget target, PageToken token) throws InterruptedException {
    ListPage<UnitIndex.Report> page =
        token.cut(views.of(token).reports(target.first("unitName"), target.first("machineID")));
    boolean detailed = target.first("details").equals("true");
    return Response.ok(
        UnitStateResource.PAGE.write(
            page.map(
                report -> detailed ? ClusterView.detailed(report) : ClusterView.state(report))));
  }

  private Response explanations(RequestTarget target, PageToken token) throws InterruptedException {
    ClusterView view = views.of(token);
    ListPage<UnitName> page = token.cut(view.explicable(target.parameter("unitName")));
    return Response.ok(ExplanationResource.PAGE.write(page.map(view::explanation)));
  }

  private static Response discovery(Request request) {
    return request.method().equals("GET")
        ? Response.ok(Discovery.DOCUMENT)
        : Response.error(400, "only HTTP GET supported against this resource");
  }

  private Response metrics() {
    return new Response(
        200,
        List.of(new Header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")),
        metrics.get());
  }

  private interface Handler {
    Response handle() throws InterruptedException;
  }

  private static Response get(Request request, Handler handler) throws InterruptedException {
    return request.method().equals("GET") ? handler.handle() : Response.error(405, ONLY_GET);
  }

  private interface PageHandler {
    Response handle(PageToken token) throws InterruptedException;
  }

  private Response page(RequestTarget target, PageHandler handler) throws InterruptedException {
    return switch (PageSize.of(target.parameter("pageSize"), settings.get().tokenLimit())) {
      case Malformed<PageSize>(var reason) -> Response.error(400, reason);
      case Ok<PageSize>(var size) ->
          switch (PageToken.of(target.parameter("nextPageToken"), size.items())) {
            case Malformed<PageToken>(var reason) -> Response.error(400, reason);
            case Ok<PageToken>(var token) -> warned(handler.handle(token));
          };
    };
  }

  private Response warned(Response response) {
    return views
        .shown()
        .flatMap(ClusterView::warning)
        .map(warning -> response.with(new Header(WARNING, warning)))
        .orElse(response);
  }

  /// Turns requests away from now on, those that wait for the store included.
  @Override
  public void close() {
    views.close();
  }
}
