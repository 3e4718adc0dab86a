package fleet.testing.store;

import fleet.cluster.store.Store;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/// What every [Store] must do. An implementation's test extends this and says how to reach the
/// store; it may be the same one for all tests, since each keeps to a prefix of its own.
public abstract class StoreContract
    implements RangeContract, TransactionContract, LeaseContract, WatchContract {

  private String prefix = "";

  /// The store under test, open.
  @Override
  public abstract Store store();

  /// Another connection to a store, which the test may close.
  @Override
  public abstract Store another();

  /// Makes the store forget what was before `revision`.
  @Override
  public abstract void compact(long revision) throws Exception;

  @BeforeEach
  void keepToOnesOwn(TestInfo test) {
    prefix = "/contract/" + test.getTestMethod().orElseThrow().getName() + "/";
  }

  @Override
  public final String prefix() {
    return prefix;
  }
}
