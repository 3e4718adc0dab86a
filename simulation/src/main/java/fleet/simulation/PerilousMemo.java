package fleet.simulation;

import fleet.agent.memo.Memo;
import fleet.simulation.Shot.Moment;
import fleet.testing.time.VirtualProcess;
import java.io.IOException;

/// One daemon's way to a text on its machine's disk, on which it may be killed, or begin to hang.
final class PerilousMemo implements Memo {

  private final Memo memo;
  private final String name;
  private final VirtualProcess process;
  private final Perils perils;

  PerilousMemo(Memo memo, String name, VirtualProcess process, Perils perils) {
    this.memo = memo;
    this.name = name;
    this.process = process;
    this.perils = perils;
  }

  @Override
  public Found read() throws IOException {
    process.checkAlive();
    return memo.read();
  }

  @Override
  public void write(String text) throws IOException {
    process.checkAlive();
    perils.meetInPassing(PortCall.SAVE, Moment.BEFORE, name);
    memo.write(text);
    perils.meetInPassing(PortCall.SAVE, Moment.DURING, name);
    perils.meetInPassing(PortCall.SAVE, Moment.AFTER, name);
  }

  @Override
  public void outdate() throws IOException {
    process.checkAlive();
    memo.outdate();
  }

  @Override
  public String toString() {
    return name;
  }
}
