package fleet.store.served;

import fleet.store.embedded.Ledger;
import fleet.store.embedded.LedgerException;
import fleet.store.wire.LeaseGrantRequest;
import fleet.store.wire.LeaseGrantResponse;
import fleet.store.wire.LeaseGrpc;
import fleet.store.wire.LeaseKeepAliveRequest;
import fleet.store.wire.LeaseKeepAliveResponse;
import fleet.store.wire.LeaseLeasesRequest;
import fleet.store.wire.LeaseLeasesResponse;
import fleet.store.wire.LeaseRevokeRequest;
import fleet.store.wire.LeaseRevokeResponse;
import fleet.store.wire.LeaseStatus;
import fleet.store.wire.LeaseTimeToLiveRequest;
import fleet.store.wire.LeaseTimeToLiveResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;

/// Leases.
final class LeaseService extends LeaseGrpc.LeaseImplBase {

  /// As etcd.
  private static final long MAX_TTL_SECONDS = 9_000_000_000L;

  private static final long GONE = -1;

  private final Ledger ledger;
  private final Answers answers;

  LeaseService(Ledger ledger, Answers answers) {
    this.ledger = ledger;
    this.answers = answers;
  }

  @Override
  public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> out) {
    answers.answer(
        out,
        () -> {
          if (request.getTTL() > MAX_TTL_SECONDS) {
            throw Translation.refusal(Status.OUT_OF_RANGE, "etcdserver: too large lease TTL");
          }
          long seconds = Math.max(1, request.getTTL());
          long lease = ledger.grant(request.getID(), Duration.ofSeconds(seconds));
          return LeaseGrantResponse.newBuilder()
              .setHeader(answers.header())
              .setID(lease)
              .setTTL(seconds)
              .build();
        });
  }

  @Override
  public void leaseRevoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> out) {
    answers.answer(
        out,
        () -> {
          ledger.revoke(request.getID());
          return LeaseRevokeResponse.newBuilder().setHeader(answers.header()).build();
        });
  }

  @Override
  public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
      StreamObserver<LeaseKeepAliveResponse> out) {
    return new StreamObserver<>() {
      @Override
      public void onNext(LeaseKeepAliveRequest request) {
        try {
          long seconds = ledger.keepAlive(request.getID()).map(Duration::toSeconds).orElse(0L);
          out.onNext(
              LeaseKeepAliveResponse.newBuilder()
                  .setHeader(answers.header())
                  .setID(request.getID())
                  .setTTL(seconds)
                  .build());
        } catch (LedgerException failed) {
          out.onError(Translation.refusal(failed));
        } catch (InterruptedException stopping) {
          Thread.currentThread().interrupt();
          out.onError(Translation.refusal(Status.UNAVAILABLE, "etcdserver: server stopped"));
        }
      }

      @Override
      public void onError(Throwable gone) {
        // The client is; there is nothing to put away.
      }

      @Override
      public void onCompleted() {
        out.onCompleted();
      }
    };
  }

  @Override
  public void leaseTimeToLive(
      LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> out) {
    answers.answer(
        out,
        () -> {
          var response =
              LeaseTimeToLiveResponse.newBuilder()
                  .setHeader(answers.header())
                  .setID(request.getID())
                  .setTTL(GONE);
          ledger
              .life(request.getID())
              .ifPresent(
                  life -> {
                    response.setTTL(Math.max(0, life.left().toSeconds()));
                    response.setGrantedTTL(life.ttl().toSeconds());
                    if (request.getKeys()) {
                      life.keys().forEach(key -> response.addKeys(Translation.keyBytes(key)));
                    }
                  });
          return response.build();
        });
  }

  @Override
  public void leaseLeases(LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> out) {
    answers.answer(
        out,
        () -> {
          var response = LeaseLeasesResponse.newBuilder().setHeader(answers.header());
          ledger.leases().forEach(id -> response.addLeases(LeaseStatus.newBuilder().setID(id)));
          return response.build();
        });
  }
}
