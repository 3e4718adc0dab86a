package fleet.store.etcd;

import fleet.store.wire.KVGrpc;
import fleet.store.wire.MaintenanceGrpc;
import fleet.store.wire.RangeRequest;
import fleet.store.wire.RangeResponse;
import fleet.store.wire.ResponseHeader;
import fleet.store.wire.StatusRequest;
import fleet.store.wire.StatusResponse;
import fleet.store.wire.TxnRequest;
import fleet.store.wire.TxnResponse;
import fleet.store.wire.WatchGrpc;
import fleet.store.wire.WatchRequest;
import fleet.store.wire.WatchResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// An etcd that says what it is told to: for what the real one cannot be made to show.
final class FakeEtcd implements AutoCloseable {

  final Queue<Consumer<StreamObserver<RangeResponse>>> ranges = new ConcurrentLinkedQueue<>();
  final Queue<Consumer<StreamObserver<TxnResponse>>> transactions = new ConcurrentLinkedQueue<>();
  final Queue<List<WatchResponse>> watches = new ConcurrentLinkedQueue<>();
  final List<RangeRequest> asked = new CopyOnWriteArrayList<>();
  private final Server server;

  FakeEtcd() throws IOException {
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(new Kv())
            .addService(new Watch())
            .addService(new Maintenance())
            .build()
            .start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  static ResponseHeader header(long revision) {
    return ResponseHeader.newBuilder().setRevision(revision).build();
  }

  static <A> Consumer<StreamObserver<A>> answer(A message) {
    return to -> {
      to.onNext(message);
      to.onCompleted();
    };
  }

  static <A> Consumer<StreamObserver<A>> failure(Status.Code code, String text) {
    return to -> to.onError(Status.fromCode(code).withDescription(text).asException());
  }

  /// Says what is next, and goes on saying the last.
  private static <A> void next(
      Queue<Consumer<StreamObserver<A>>> answers, StreamObserver<A> observer) {
    Consumer<StreamObserver<A>> answer = answers.size() > 1 ? answers.remove() : answers.element();
    answer.accept(observer);
  }

  private final class Kv extends KVGrpc.KVImplBase {
    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
      asked.add(request);
      next(ranges, observer);
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> observer) {
      next(transactions, observer);
    }
  }

  private final class Watch extends WatchGrpc.WatchImplBase {
    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> observer) {
      List<WatchResponse> responses = watches.size() > 1 ? watches.remove() : watches.element();
      return new StreamObserver<>() {
        @Override
        public void onNext(WatchRequest request) {
          responses.forEach(observer::onNext);
        }

        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {
          observer.onCompleted();
        }
      };
    }
  }

  private static final class Maintenance extends MaintenanceGrpc.MaintenanceImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
      FakeEtcd.<StatusResponse>answer(StatusResponse.newBuilder().setLeader(1).build())
          .accept(observer);
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
