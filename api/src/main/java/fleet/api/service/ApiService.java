package fleet.api.service;

import fleet.api.ExplanationResource;
import fleet.api.MachineResource;
import fleet.api.MetadataOperation;
import fleet.api.Page;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Answers the requests of API clients: fleet v1's, byte for byte, and those of our own.
///
/// May be called from many threads at once; each call blocks until it has the answer.
public final class ApiService implements AutoCloseable {

  /// fleet v1's words for a server that cannot answer. Clients look for them.
  private static final String AWAY = "fleet server unable to communicate with etcd";

  private static final List<String> PREFIXES = List.of("/fleet/v1", "/v1-alpha");

  /// Ours, so that any other method finds what it found in fleet v1: nothing.
  private static final Pattern RESTART = Pattern.compile("units/[^/]+/restart");

  private static final Pattern ORDERS = Pattern.compile("units/[^/]+/orders");

  /// Ours, too.
  private static final Pattern EVICT = Pattern.compile("machines/([^/]+)/evict");

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
  private final Units units;
  private final UnitOrders orders;
  private final MetadataWriter metadata;
  private final Evictor evictor;

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
    var attempts = new Attempts(environment, views);
    this.units =
        new Units(
            views, new UnitWriter(registry, attempts), new JustLowered(environment), this::orderId);
    this.orders = new UnitOrders(registry, attempts, views, this::orderId);
    this.metadata = new MetadataWriter(registry, attempts, views);
    this.evictor = new Evictor(registry, attempts, views);
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
      return get(request, ONLY_GET, this::metrics);
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
      case "units" ->
          get(request, ONLY_GET, () -> page(target, token -> units.list(token, request)));
      case "state" -> get(request, ONLY_GET, () -> page(target, token -> states(target, token)));
      case "machines" -> machines(request, target);
      case "explanations" ->
          get(request, ONLY_GET, () -> page(target, token -> explanations(target, token)));
      case "silent" -> get(request, ONLY_GET, () -> page(target, this::silentMachines));
      case "discovery" -> discovery(request);
      default -> {
        int slash = path.indexOf('/');
        String item = path.substring(slash + 1);
        if (request.method().equals("POST") && RESTART.matcher(path).matches()) {
          yield orders.restart(item.substring(0, item.indexOf('/')), request.body());
        }
        if (request.method().equals("POST") && ORDERS.matcher(path).matches()) {
          yield orders.give(item.substring(0, item.indexOf('/')), request.body());
        }
        Matcher evicted = EVICT.matcher(path);
        if (request.method().equals("POST") && evicted.matches()) {
          yield evictor.evict(new MachineId(evicted.group(1)));
        }
        if (slash < 0 || item.isEmpty() || item.indexOf('/') >= 0) {
          yield notFound();
        }
        yield switch (path.substring(0, slash)) {
          case "units" -> unit(request, item);
          case "state" ->
              get(
                  request,
                  ONLY_GET,
                  () -> Response.ok(UnitStateResource.JSON.write(views.now().state(item))));
          default -> notFound();
        };
      }
    };
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
            case Ok<List<MetadataOperation>>(var operations) -> metadata.patch(operations);
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
    Page<Whereabouts.Report> page =
        token.cut(views.of(token).reports(target.first("unitName"), target.first("machineID")));
    boolean detailed = target.first("details").equals("true");
    return Response.ok(
        UnitStateResource.PAGE.write(
            page.map(
                report -> detailed ? ClusterView.detailed(report) : ClusterView.state(report))));
  }

  private Response explanations(RequestTarget target, PageToken token) throws InterruptedException {
    ClusterView view = views.of(token);
    Page<UnitName> page = token.cut(view.explicable(target.parameter("unitName")));
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

  private static Response get(Request request, String otherwise, Handler handler)
      throws InterruptedException {
    return request.method().equals("GET") ? handler.handle() : Response.error(405, otherwise);
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
