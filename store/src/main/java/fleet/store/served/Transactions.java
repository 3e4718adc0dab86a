package fleet.store.served;

import com.google.protobuf.ByteString;
import fleet.store.embedded.KeyRange;
import fleet.store.embedded.Transaction;
import fleet.store.embedded.Transaction.Action;
import fleet.store.embedded.Transaction.Condition;
import fleet.store.embedded.Transaction.Fact;
import fleet.store.embedded.Transaction.Relation;
import fleet.store.wire.Compare;
import fleet.store.wire.DeleteRangeRequest;
import fleet.store.wire.PutRequest;
import fleet.store.wire.RequestOp;
import fleet.store.wire.TxnRequest;
import io.grpc.Status;
import java.util.List;

/// What clients want done, in the ledger's words. All methods throw a `StatusRuntimeException`
/// where etcd refuses a request without looking at what it holds.
final class Transactions {

  /// As etcd by default.
  private static final int MAX_OPERATIONS = 128;

  private Transactions() {}

  static Transaction transaction(TxnRequest request) {
    if (request.getCompareCount() > MAX_OPERATIONS
        || request.getSuccessCount() > MAX_OPERATIONS
        || request.getFailureCount() > MAX_OPERATIONS) {
      throw Translation.refusal(
          Status.INVALID_ARGUMENT, "etcdserver: too many operations in txn request");
    }
    return new Transaction(
        request.getCompareList().stream().map(Transactions::condition).toList(),
        actions(request.getSuccessList()),
        actions(request.getFailureList()));
  }

  private static List<Action> actions(List<RequestOp> requests) {
    return requests.stream().map(Transactions::action).toList();
  }

  private static Action action(RequestOp request) {
    return switch (request.getRequestCase()) {
      case REQUEST_RANGE -> {
        Ranges.check(request.getRequestRange());
        if (request.getRequestRange().getRevision() > 0) {
          throw Translation.refusal(
              Status.UNIMPLEMENTED, "fleet: a transaction reads the present, not a revision");
        }
        yield new Action.Read(
            Translation.range(
                request.getRequestRange().getKey(), request.getRequestRange().getRangeEnd()));
      }
      case REQUEST_PUT -> put(request.getRequestPut());
      case REQUEST_DELETE_RANGE -> delete(request.getRequestDeleteRange());
      case REQUEST_TXN -> new Action.Nested(transaction(request.getRequestTxn()));
      case REQUEST_NOT_SET ->
          throw Translation.refusal(Status.INVALID_ARGUMENT, "etcdserver: key not found");
    };
  }

  static Action.Put put(PutRequest request) {
    if (request.getIgnoreValue() && !request.getValue().isEmpty()) {
      throw Translation.refusal(Status.INVALID_ARGUMENT, "etcdserver: value is provided");
    }
    if (request.getIgnoreLease() && request.getLease() != 0) {
      throw Translation.refusal(Status.INVALID_ARGUMENT, "etcdserver: lease is provided");
    }
    return new Action.Put(
        Translation.key(request.getKey()),
        Translation.bytes(request.getValue()),
        request.getLease(),
        request.getIgnoreValue(),
        request.getIgnoreLease());
  }

  static Action.Delete delete(DeleteRangeRequest request) {
    return new Action.Delete(Translation.range(request.getKey(), request.getRangeEnd()));
  }

  private static Condition condition(Compare compare) {
    ByteString end = compare.getRangeEnd();
    KeyRange range = Translation.range(compare.getKey(), end);
    return new Condition(range, fact(compare), relation(compare));
  }

  private static Fact fact(Compare compare) {
    return switch (compare.getTarget()) {
      case VERSION -> new Fact.Version(compare.getVersion());
      case CREATE -> new Fact.CreateRevision(compare.getCreateRevision());
      case MOD -> new Fact.ModRevision(compare.getModRevision());
      case VALUE -> new Fact.Value(Translation.bytes(compare.getValue()));
      case LEASE -> new Fact.Lease(compare.getLease());
      case UNRECOGNIZED ->
          throw Translation.refusal(
              Status.INVALID_ARGUMENT, "fleet: comparison with an unknown target");
    };
  }

  private static Relation relation(Compare compare) {
    return switch (compare.getResult()) {
      case EQUAL -> Relation.EQUAL;
      case NOT_EQUAL -> Relation.NOT_EQUAL;
      case GREATER -> Relation.GREATER;
      case LESS -> Relation.LESS;
      case UNRECOGNIZED ->
          throw Translation.refusal(
              Status.INVALID_ARGUMENT, "fleet: comparison by an unknown relation");
    };
  }
}
