package fleet.api.client;

import fleet.api.ErrorResource;
import fleet.api.ExplanationResource;
import fleet.api.GivenOrderResource;
import fleet.api.JsonCodec;
import fleet.api.ListPage;
import fleet.api.MachineResource;
import fleet.api.OrderResource;
import fleet.api.SilentMachineResource;
import fleet.api.UnitResource;
import fleet.api.UnitStateResource;
import fleet.api.message.Percent;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Speaks to the API of one server over one connection, which it opens when first needed. For one
/// thread at a time.
///
/// Lists are complete: their pages are read one after the other, so a change between two of them
/// may show an item twice or not at all.
///
/// Every call throws [ApiException] if the server says no, and [Unreachable] if it says nothing.
public final class FleetClient implements AutoCloseable {

  /// How long to wait for a connection, and then for each part of an answer.
  public static final Duration USUAL_PATIENCE = Duration.ofSeconds(30);

  private static final String PREFIX = "/fleet/v1";

  /// Names are sent in the address, and servers do not take addresses of any length.
  private static final int MAX_QUERY = 4000;

  /// How many items of a list a page should have. fleet v1 ignores that, and gives a hundred.
  private static final String PAGE_SIZE = "1000";

  private static final int UNAVAILABLE = 503;

  private final HttpConnection http;
  private final RetryPolicy retry;
  private String warning = "";

  public FleetClient(Endpoint endpoint, TlsFiles tls) {
    this(endpoint, tls, USUAL_PATIENCE, Trace.NONE, RetryPolicy.NEVER);
  }

  /// @param patience how long to wait for a connection, and then for each part of an answer
  /// @param retry whether to send a request again that may be carried out twice
  public FleetClient(
      Endpoint endpoint, TlsFiles tls, Duration patience, Trace trace, RetryPolicy retry) {
    this(new HttpConnection(endpoint, tls, patience, trace), retry);
  }

  private FleetClient(HttpConnection http, RetryPolicy retry) {
    this.http = http;
    this.retry = retry;
  }

  /// The same client over the same connection, which sends each request once.
  public FleetClient once() {
    return new FleetClient(http, RetryPolicy.NEVER);
  }

  /// The machines that are present, by ID.
  public List<MachineResource> machines() {
    return all("/machines", "", MachineResource.PAGE);
  }

  /// All units, by name.
  public List<UnitResource> units() {
    return all("/units", "", UnitResource.PAGE);
  }

  /// The unit of that name, if there is one.
  public Optional<UnitResource> unit(String name) {
    Answered answer = exchange("GET", path("/units/", name), null);
    if (answer.answer().status() == 404) {
      return Optional.empty();
    }
    return Optional.of(read(accepted(answer), UnitResource.JSON));
  }

  /// Creates a unit, replaces its options, or sets its desired state.
  public void put(UnitResource unit) {
    accepted(exchange("PUT", path("/units/", unit.name()), UnitResource.JSON.write(unit)));
  }

  /// Forgets a unit.
  ///
  /// @return whether there was one, or may have been: if the request had to be sent again, it may
  ///     have been carried out before
  public boolean destroy(String name) {
    Answered answered = exchange("DELETE", path("/units/", name), null);
    if (answered.answer().status() == 404) {
      return answered.repeated();
    }
    accepted(answered);
    return true;
  }

  /// Orders something of a unit. Not in fleet v1.
  public GivenOrderResource order(String name, OrderResource order) {
    String target = path("/units/", name) + "/orders";
    var answer = exchange("POST", target, OrderResource.JSON.write(order));
    return read(accepted(answer), GivenOrderResource.JSON);
  }

  /// What the machines report, by unit and machine, with details if the server has some.
  public List<UnitStateResource> states() {
    return all("/state", "details=true", UnitStateResource.PAGE);
  }

  /// Where these units stand and why, by name; names that no unit has, and that are on no machine
  /// any more, are left out.
  public List<ExplanationResource> explanations(Collection<String> names) {
    var found = new ArrayList<ExplanationResource>();
    var query = new StringBuilder();
    for (String name : names) {
      parameter(query, "unitName", name);
      if (query.length() > MAX_QUERY) {
        found.addAll(all("/explanations", query.toString(), ExplanationResource.PAGE));
        query.setLength(0);
      }
    }
    if (!query.isEmpty()) {
      found.addAll(all("/explanations", query.toString(), ExplanationResource.PAGE));
    }
    return found;
  }

  /// Machines that should run something, are not there, and are not evicted, by ID. Not in fleet
  /// v1.
  public List<SilentMachineResource> silentMachines() {
    return all("/silent", "", SilentMachineResource.PAGE);
  }

  /// Evicts a silent machine: its units run elsewhere. Not in fleet v1.
  public void evict(String machineId) {
    accepted(exchange("POST", path("/machines/", machineId) + "/evict", null));
  }

  /// What everybody should know who asks anything, as the last list said; empty if there is no such
  /// thing.
  public String warning() {
    return warning;
  }

  /// Closes the connection. The next call would open another.
  @Override
  public void close() {
    http.close();
  }

  /// Reads a page while the server makes the next.
  private <T> List<T> all(String resource, String query, JsonCodec<ListPage<T>> codec) {
    var pages = new ArrayList<CompletableFuture<ListPage<T>>>();
    String token = "";
    do {
      var full = new StringBuilder(query);
      parameter(full, "pageSize", PAGE_SIZE);
      parameter(full, "nextPageToken", token);
      String path = PREFIX + resource + "?" + full;
      String body = accepted(exchange("GET", path, null));
      token = ListPage.leadingToken(body);
      if (!token.isEmpty()) {
        pages.add(CompletableFuture.supplyAsync(() -> read(body, codec)));
      } else {
        ListPage<T> page = read(body, codec);
        pages.add(CompletableFuture.completedFuture(page));
        token = page.nextPageToken();
      }
    } while (!token.isEmpty());
    var items = new ArrayList<T>();
    pages.forEach(page -> items.addAll(read(page).items()));
    return items;
  }

  private static <T> T read(CompletableFuture<T> reading) {
    try {
      return reading.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof ClientException cause ? cause : e;
    }
  }

  private <T> T read(String json, JsonCodec<T> codec) {
    Parsed<T> read = codec.read(json);
    if (read instanceof Malformed<T>(var reason)) {
      throw new Unreachable(http.endpoint(), "the answer is none of fleet's API: " + reason);
    }
    return read.orElseThrow();
  }

  /// Exchanges a request that may be carried out twice.
  private Answered exchange(String method, String target, @Nullable String body) {
    boolean repeated = false;
    while (true) {
      ClientException failure;
      try {
        var answer = http.exchange(method, target, body);
        if (answer.status() != UNAVAILABLE) {
          retry.answered();
          return new Answered(answer, repeated || http.sentTwice());
        }
        failure = refusal(answer);
      } catch (Unreachable e) {
        failure = e;
      }
      if (!retry.again(failure)) {
        throw failure;
      }
      repeated = true;
    }
  }

  /// @param repeated whether the request went out more than once, so that the answer may be about
  ///     what it did itself
  private record Answered(HttpConnection.Answer answer, boolean repeated) {}

  /// The body of an answer that says yes.
  private String accepted(Answered answered) {
    return accepted(answered.answer());
  }

  private String accepted(HttpConnection.Answer answer) {
    if (answer.status() >= 200 && answer.status() < 300) {
      warning = answer.warning();
      return answer.body();
    }
    throw refusal(answer);
  }

  private static ApiException refusal(HttpConnection.Answer answer) {
    String words =
        ErrorResource.JSON.read(answer.body()) instanceof Ok<ErrorResource>(var error)
            ? error.message()
            : "";
    return new ApiException(answer.status(), words, answer.body());
  }

  private static String path(String resource, String name) {
    var path = new StringBuilder(PREFIX).append(resource);
    Percent.encode(path, name);
    return path.toString();
  }

  private static void parameter(StringBuilder query, String name, String value) {
    if (!value.isEmpty()) {
      query.append(query.isEmpty() ? "" : "&").append(name).append('=');
      Percent.encode(query, value);
    }
  }
}
