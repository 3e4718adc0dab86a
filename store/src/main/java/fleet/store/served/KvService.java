package fleet.store.served;

import com.google.protobuf.MessageLite;
import fleet.store.embedded.Item;
import fleet.store.embedded.Ledger;
import fleet.store.embedded.Slice;
import fleet.store.embedded.Transaction;
import fleet.store.embedded.Transaction.Outcome;
import fleet.store.embedded.Transaction.Result;
import fleet.store.wire.CompactionRequest;
import fleet.store.wire.CompactionResponse;
import fleet.store.wire.DeleteRangeRequest;
import fleet.store.wire.DeleteRangeResponse;
import fleet.store.wire.KVGrpc;
import fleet.store.wire.PutRequest;
import fleet.store.wire.PutResponse;
import fleet.store.wire.RangeRequest;
import fleet.store.wire.RangeResponse;
import fleet.store.wire.RequestOp;
import fleet.store.wire.ResponseHeader;
import fleet.store.wire.ResponseOp;
import fleet.store.wire.TxnRequest;
import fleet.store.wire.TxnResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;

/// Keys and values.
final class KvService extends KVGrpc.KVImplBase {

  /// As etcd by default.
  private static final int MAX_REQUEST_BYTES = 1_572_864;

  private static final long MAX_RESPONSE_BYTES = 16 << 20;

  private final Ledger ledger;
  private final Answers answers;

  KvService(Ledger ledger, Answers answers) {
    this.ledger = ledger;
    this.answers = answers;
  }

  @Override
  public void range(RangeRequest request, StreamObserver<RangeResponse> out) {
    answers.answer(
        out,
        () -> {
          Ranges.check(request);
          Slice slice =
              ledger.range(
                  Translation.range(request.getKey(), request.getRangeEnd()),
                  Math.max(0, request.getRevision()),
                  Ranges.limit(request),
                  MAX_RESPONSE_BYTES);
          boolean past = request.getRevision() > 0;
          ResponseHeader header = answers.header(past ? ledger.revision() : slice.revision());
          return Ranges.response(request, slice.items(), slice.count(), header);
        });
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> out) {
    answers.answer(
        out,
        () -> {
          checkSize(request);
          Outcome outcome = ledger.apply(Transaction.of(Transactions.put(request)));
          return put(request, outcome.results().getFirst(), answers.header(outcome.revision()));
        });
  }

  @Override
  public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> out) {
    answers.answer(
        out,
        () -> {
          checkSize(request);
          Outcome outcome = ledger.apply(Transaction.of(Transactions.delete(request)));
          return delete(request, outcome.results().getFirst(), answers.header(outcome.revision()));
        });
  }

  @Override
  public void txn(TxnRequest request, StreamObserver<TxnResponse> out) {
    answers.answer(
        out,
        () -> {
          checkSize(request);
          return transaction(request, ledger.apply(Transactions.transaction(request)));
        });
  }

  @Override
  public void compact(CompactionRequest request, StreamObserver<CompactionResponse> out) {
    answers.answer(
        out,
        () -> {
          ledger.compact(request.getRevision());
          return CompactionResponse.newBuilder().setHeader(answers.header()).build();
        });
  }

  private static void checkSize(MessageLite request) {
    if (request.getSerializedSize() > MAX_REQUEST_BYTES) {
      throw Translation.refusal(Status.INVALID_ARGUMENT, "etcdserver: request is too large");
    }
  }

  private TxnResponse transaction(TxnRequest request, Outcome outcome) {
    ResponseHeader header = answers.header(outcome.revision());
    var response = TxnResponse.newBuilder().setHeader(header).setSucceeded(outcome.held());
    List<RequestOp> done = outcome.held() ? request.getSuccessList() : request.getFailureList();
    for (int i = 0; i < done.size(); i++) {
      response.addResponses(operation(done.get(i), outcome.results().get(i), header));
    }
    return response.build();
  }

  private ResponseOp operation(RequestOp request, Result result, ResponseHeader header) {
    var response = ResponseOp.newBuilder();
    switch (result) {
      case Result.Read(var items) ->
          response.setResponseRange(
              Ranges.response(request.getRequestRange(), items, items.size(), header));
      case Result.Put _ -> response.setResponsePut(put(request.getRequestPut(), result, header));
      case Result.Delete _ ->
          response.setResponseDeleteRange(delete(request.getRequestDeleteRange(), result, header));
      case Result.Nested(var outcome) ->
          response.setResponseTxn(transaction(request.getRequestTxn(), outcome));
    }
    return response.build();
  }

  private static PutResponse put(PutRequest request, Result result, ResponseHeader header) {
    var response = PutResponse.newBuilder().setHeader(header);
    if (request.getPrevKv() && result instanceof Result.Put(Optional<Item> previous)) {
      previous.ifPresent(item -> response.setPrevKv(Translation.keyValue(item)));
    }
    return response.build();
  }

  private static DeleteRangeResponse delete(
      DeleteRangeRequest request, Result result, ResponseHeader header) {
    var response = DeleteRangeResponse.newBuilder().setHeader(header);
    if (result instanceof Result.Delete(List<Item> previous)) {
      response.setDeleted(previous.size());
      if (request.getPrevKv()) {
        previous.forEach(item -> response.addPrevKvs(Translation.keyValue(item)));
      }
    }
    return response.build();
  }
}
