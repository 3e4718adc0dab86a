package fleet.store.served;

import fleet.cluster.env.Environment;
import fleet.store.embedded.Ledger;
import fleet.store.wire.WatchGrpc;
import fleet.store.wire.WatchRequest;
import fleet.store.wire.WatchResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/// Watches.
final class WatchService extends WatchGrpc.WatchImplBase {

  private final Ledger ledger;
  private final Answers answers;
  private final Environment environment;

  WatchService(Ledger ledger, Answers answers, Environment environment) {
    this.ledger = ledger;
    this.answers = answers;
    this.environment = environment;
  }

  @Override
  public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> out) {
    var stream =
        new WatchStream(
            ledger, answers, environment, (ServerCallStreamObserver<WatchResponse>) out);
    stream.begin();
    return stream;
  }
}
