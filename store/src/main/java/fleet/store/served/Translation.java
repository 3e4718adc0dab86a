package fleet.store.served;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import fleet.store.embedded.Bytes;
import fleet.store.embedded.Event;
import fleet.store.embedded.Item;
import fleet.store.embedded.KeyRange;
import fleet.store.embedded.LedgerException;
import fleet.store.wire.KeyValue;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;

/// etcd's words in the ledger's, and back.
final class Translation {

  private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

  private Translation() {}

  static Bytes bytes(ByteString from) {
    return Bytes.owning(from.toByteArray());
  }

  private static ByteString byteString(Bytes from) {
    return UnsafeByteOperations.unsafeWrap(from.array());
  }

  /// @throws StatusRuntimeException if there is no key
  static Bytes key(ByteString key) {
    if (key.isEmpty()) {
      throw refusal(Status.INVALID_ARGUMENT, "etcdserver: key is not provided");
    }
    return bytes(key);
  }

  /// @throws StatusRuntimeException if there is no key
  static KeyRange range(ByteString key, ByteString end) {
    Bytes from = key(key);
    if (end.isEmpty()) {
      return KeyRange.of(from);
    }
    return new KeyRange(from, end.equals(ZERO) ? Optional.empty() : Optional.of(bytes(end)));
  }

  static KeyValue keyValue(Item item) {
    return keyOnly(item).toBuilder().setValue(byteString(item.value())).build();
  }

  static KeyValue keyOnly(Item item) {
    return KeyValue.newBuilder()
        .setKey(byteString(item.key()))
        .setCreateRevision(item.createRevision())
        .setModRevision(item.modRevision())
        .setVersion(item.version())
        .setLease(item.lease())
        .build();
  }

  static ByteString keyBytes(Bytes key) {
    return byteString(key);
  }

  static fleet.store.wire.Event event(Event event) {
    var to = fleet.store.wire.Event.newBuilder();
    switch (event) {
      case Event.Put(var item, _) ->
          to.setType(fleet.store.wire.Event.EventType.PUT).setKv(keyValue(item));
      case Event.Delete(var key, var revision, _) ->
          to.setType(fleet.store.wire.Event.EventType.DELETE)
              .setKv(KeyValue.newBuilder().setKey(byteString(key)).setModRevision(revision));
    }
    event.previous().ifPresent(previous -> to.setPrevKv(keyValue(previous)));
    return to.build();
  }

  static StatusRuntimeException refusal(Status status, String why) {
    return status.withDescription(why).asRuntimeException();
  }

  /// In the words of etcd's `api/v3rpc/rpctypes/error.go`, by which its clients know what happened.
  /// For a disk that takes nothing there are none, as etcd ends itself then.
  static StatusRuntimeException refusal(LedgerException failed) {
    return switch (failed) {
      case LedgerException.Stopped stopped ->
          refusal(Status.UNAVAILABLE, "etcdserver: server stopped: " + stopped.getMessage());
      case LedgerException.Unwritable unwritable when unwritable.full() ->
          refusal(
              Status.RESOURCE_EXHAUSTED,
              "etcdserver: mvcc: database space exceeded: " + unwritable.getMessage());
      case LedgerException.Unwritable unwritable ->
          refusal(
              Status.FAILED_PRECONDITION,
              "fleet: store cannot be written: " + unwritable.getMessage());
      case LedgerException.Failed broken ->
          refusal(Status.UNAVAILABLE, "etcdserver: request timed out: " + broken.getMessage());
      case LedgerException.Slow slow ->
          refusal(Status.UNAVAILABLE, "etcdserver: request timed out: " + slow.getMessage());
      case LedgerException.Compacted _ ->
          refusal(Status.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted");
      case LedgerException.Future _ ->
          refusal(Status.OUT_OF_RANGE, "etcdserver: mvcc: required revision is a future revision");
      case LedgerException.NoLease _ ->
          refusal(Status.NOT_FOUND, "etcdserver: requested lease not found");
      case LedgerException.LeaseExists _ ->
          refusal(Status.FAILED_PRECONDITION, "etcdserver: lease already exists");
      case LedgerException.NoKey _ -> refusal(Status.INVALID_ARGUMENT, "etcdserver: key not found");
      case LedgerException.ChangedTwice _ ->
          refusal(Status.INVALID_ARGUMENT, "etcdserver: duplicate key given in txn request");
      case LedgerException.Full _ ->
          refusal(Status.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded");
      case LedgerException.TooMuch tooMuch ->
          refusal(Status.RESOURCE_EXHAUSTED, "etcdserver: " + tooMuch.getMessage());
    };
  }
}
