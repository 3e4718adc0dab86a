package fleet.store.served;

import fleet.store.embedded.Ledger;
import fleet.store.wire.AuthGrpc;
import fleet.store.wire.AuthenticateRequest;
import fleet.store.wire.AuthenticateResponse;
import fleet.store.wire.ClusterGrpc;
import fleet.store.wire.MaintenanceGrpc;
import fleet.store.wire.Member;
import fleet.store.wire.MemberListRequest;
import fleet.store.wire.MemberListResponse;
import fleet.store.wire.StatusRequest;
import fleet.store.wire.StatusResponse;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Supplier;

/// What the server says about itself.
final class AboutServices {

  /// The release of etcd whose protocol this is a part of.
  private static final String VERSION = "3.4.0+fleet";

  private final Ledger ledger;
  private final Answers answers;
  private final Supplier<List<String>> addresses;

  AboutServices(Ledger ledger, Answers answers, Supplier<List<String>> addresses) {
    this.ledger = ledger;
    this.answers = answers;
    this.addresses = addresses;
  }

  List<BindableService> all() {
    return List.of(new Maintenance(), new Cluster(), new Auth());
  }

  private final class Maintenance extends MaintenanceGrpc.MaintenanceImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
      answers.answer(
          out,
          () ->
              StatusResponse.newBuilder()
                  .setHeader(answers.header())
                  .setVersion(VERSION)
                  .setDbSize(ledger.bytes())
                  .setDbSizeInUse(ledger.bytes())
                  .setLeader(answers.member())
                  .setRaftIndex(ledger.revision())
                  .setRaftAppliedIndex(ledger.revision())
                  .setRaftTerm(answers.term())
                  .build());
    }
  }

  private final class Cluster extends ClusterGrpc.ClusterImplBase {
    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> out) {
      answers.answer(
          out,
          () ->
              MemberListResponse.newBuilder()
                  .setHeader(answers.header())
                  .addMembers(
                      Member.newBuilder()
                          .setID(answers.member())
                          .setName("fleet")
                          .addAllClientURLs(addresses.get()))
                  .build());
    }
  }

  private static final class Auth extends AuthGrpc.AuthImplBase {
    @Override
    public void authenticate(
        AuthenticateRequest request, StreamObserver<AuthenticateResponse> out) {
      out.onError(
          Translation.refusal(
              Status.FAILED_PRECONDITION, "etcdserver: authentication is not enabled"));
    }
  }
}
