package fleet.store.served;

import fleet.store.embedded.Item;
import fleet.store.wire.RangeRequest;
import fleet.store.wire.RangeRequest.SortOrder;
import fleet.store.wire.RangeRequest.SortTarget;
import fleet.store.wire.RangeResponse;
import fleet.store.wire.ResponseHeader;
import io.grpc.Status;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What a client wants of a range: some of it, sorted some way.
final class Ranges {

  private Ranges() {}

  /// Throws a `StatusRuntimeException` if the request cannot be.
  static void check(RangeRequest request) {
    if (request.getSortOrder() == SortOrder.UNRECOGNIZED
        || request.getSortTarget() == SortTarget.UNRECOGNIZED) {
      throw Translation.refusal(Status.INVALID_ARGUMENT, "etcdserver: invalid sort option");
    }
  }

  /// How many items to read; 0 means all, as when it takes all of them to know which to give.
  static long limit(RangeRequest request) {
    if (request.getCountOnly()) {
      return 1;
    }
    boolean inOrder =
        request.getSortOrder() == SortOrder.NONE && request.getSortTarget() == SortTarget.KEY;
    return inOrder && !isFiltered(request) ? Math.max(0, request.getLimit()) : 0;
  }

  private static boolean isFiltered(RangeRequest request) {
    return request.getMinModRevision() != 0
        || request.getMaxModRevision() != 0
        || request.getMinCreateRevision() != 0
        || request.getMaxCreateRevision() != 0;
  }

  /// @param items that were read, in order of key
  /// @param count how many there are
  static RangeResponse response(
      RangeRequest request, List<Item> items, long count, ResponseHeader header) {
    var response = RangeResponse.newBuilder().setHeader(header).setCount(count);
    if (request.getCountOnly()) {
      return response.build();
    }
    List<Item> chosen = sorted(request, items.stream().filter(item -> isWanted(request, item)));
    long limit = request.getLimit() > 0 ? request.getLimit() : Long.MAX_VALUE;
    boolean unread = !isFiltered(request) && chosen.size() < count;
    response.setMore(limit < chosen.size() || unread);
    chosen.stream()
        .limit(limit)
        .forEach(
            item ->
                response.addKvs(
                    request.getKeysOnly()
                        ? Translation.keyOnly(item)
                        : Translation.keyValue(item)));
    return response.build();
  }

  private static boolean isWanted(RangeRequest request, Item item) {
    return isWithin(request.getMinModRevision(), item.modRevision(), request.getMaxModRevision())
        && isWithin(
            request.getMinCreateRevision(), item.createRevision(), request.getMaxCreateRevision());
  }

  private static boolean isWithin(long least, long revision, long most) {
    return (least == 0 || revision >= least) && (most == 0 || revision <= most);
  }

  private static List<Item> sorted(RangeRequest request, Stream<Item> items) {
    Comparator<Item> order =
        switch (request.getSortTarget()) {
          case KEY, UNRECOGNIZED -> Comparator.comparing(Item::key);
          case VERSION -> Comparator.comparingLong(Item::version);
          case CREATE -> Comparator.comparingLong(Item::createRevision);
          case MOD -> Comparator.comparingLong(Item::modRevision);
          case VALUE -> Comparator.comparing(Item::value);
        };
    return switch (request.getSortOrder()) {
      case NONE, ASCEND, UNRECOGNIZED -> items.sorted(order).toList();
      case DESCEND -> items.sorted(order.reversed()).toList();
    };
  }
}
