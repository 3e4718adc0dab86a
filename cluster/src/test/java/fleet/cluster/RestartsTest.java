package fleet.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RestartsTest {

  private static final MachineId A = new MachineId("a");
  private static final MachineId B = new MachineId("b");

  @Test
  void aRestartOnOneMachineIsNothingToOthers() {
    var restarts = Restarts.NONE.everywhereOnceMore().onceMoreOn(A).onceMoreOn(A);

    assertEquals(3, restarts.on(A));
    assertEquals(1, restarts.on(B));
  }

  @Test
  void aRestartEverywhereRaisesTheGenerationOfEachMachineThoughItForgetsThem() {
    var before = Restarts.NONE.onceMoreOn(A).onceMoreOn(A).onceMoreOn(B);
    var after = before.everywhereOnceMore();

    assertEquals(3, after.on(A));
    assertEquals(3, after.on(B));
    assertEquals(Restarts.NONE.alone(), after.alone());
  }
}
