package fleet.store.etcd;

import com.google.protobuf.ByteString;
import fleet.cluster.store.Store;
import fleet.cluster.store.Store.Op;
import fleet.store.wire.Compare;
import fleet.store.wire.DeleteRangeRequest;
import fleet.store.wire.PutRequest;
import fleet.store.wire.RequestOp;
import fleet.store.wire.TxnRequest;
import java.util.List;

/// Transactions as etcd writes them.
final class Transactions {

  /// No key has it, whether it exists or not.
  private static final long NO_REVISION = -1;

  private Transactions() {}

  static TxnRequest request(List<Store.Compare> when, List<Op> then) {
    var request = TxnRequest.newBuilder();
    when.forEach(compare -> request.addCompare(compare(compare)));
    then.forEach(op -> request.addSuccess(op(op)));
    return request.build();
  }

  private static Compare compare(Store.Compare compare) {
    var result =
        Compare.newBuilder()
            .setKey(ByteString.copyFromUtf8(compare.key()))
            .setResult(Compare.CompareResult.EQUAL);
    return switch (compare) {
      case Store.Compare.Absent _ ->
          result.setTarget(Compare.CompareTarget.CREATE).setCreateRevision(0).build();
      case Store.Compare.CreatedAt(_, var at) ->
          result.setTarget(Compare.CompareTarget.CREATE).setCreateRevision(existing(at)).build();
      case Store.Compare.UnchangedSince(_, var at) ->
          result.setTarget(Compare.CompareTarget.MOD).setModRevision(existing(at)).build();
    };
  }

  /// To etcd, a key that does not exist has revision 0.
  private static long existing(long revision) {
    return revision == 0 ? NO_REVISION : revision;
  }

  private static RequestOp op(Op op) {
    var request = RequestOp.newBuilder();
    ByteString key = ByteString.copyFromUtf8(op.key());
    return switch (op) {
      case Op.Put(_, var value, var lease) ->
          request
              .setRequestPut(
                  PutRequest.newBuilder()
                      .setKey(key)
                      .setValue(ByteString.copyFromUtf8(value))
                      .setLease(lease))
              .build();
      case Op.Delete _ ->
          request.setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key)).build();
    };
  }
}
