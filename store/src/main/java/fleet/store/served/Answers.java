package fleet.store.served;

import fleet.store.embedded.Ledger;
import fleet.store.embedded.LedgerException;
import fleet.store.wire.ResponseHeader;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;

/// How this server answers: as the one member of a cluster of one.
final class Answers {

  private static final long TERM = 1;

  private final Ledger ledger;

  Answers(Ledger ledger) {
    this.ledger = ledger;
  }

  long cluster() {
    return ledger.id();
  }

  long member() {
    return Long.rotateLeft(ledger.id(), Integer.SIZE);
  }

  long term() {
    return TERM;
  }

  ResponseHeader header() {
    return header(ledger.revision());
  }

  ResponseHeader header(long revision) {
    return ResponseHeader.newBuilder()
        .setClusterId(cluster())
        .setMemberId(member())
        .setRaftTerm(TERM)
        .setRevision(revision)
        .build();
  }

  /// What it takes to answer.
  @FunctionalInterface
  interface Work<T> {
    T run() throws InterruptedException;
  }

  /// Does the work and answers with what comes of it, be it a failure.
  <T> void answer(StreamObserver<T> out, Work<T> work) {
    try {
      T result = work.run();
      out.onNext(result);
      out.onCompleted();
    } catch (LedgerException failed) {
      out.onError(Translation.refusal(failed));
    } catch (StatusRuntimeException refused) {
      out.onError(refused);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      out.onError(Translation.refusal(Status.UNAVAILABLE, "etcdserver: server stopped"));
    }
  }
}
