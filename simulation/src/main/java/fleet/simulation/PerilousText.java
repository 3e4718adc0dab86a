package fleet.simulation;

import fleet.agent.saved.SavedText;
import fleet.simulation.Shot.Moment;
import fleet.testing.time.VirtualProcess;
import java.io.IOException;

/// One daemon's way to a text on its machine's disk, on which it may be killed, or begin to hang.
final class PerilousText implements SavedText {

  private final SavedText file;
  private final String name;
  private final VirtualProcess process;
  private final Perils perils;

  PerilousText(SavedText file, String name, VirtualProcess process, Perils perils) {
    this.file = file;
    this.name = name;
    this.process = process;
    this.perils = perils;
  }

  @Override
  public Found read() throws IOException {
    process.checkAlive();
    return file.read();
  }

  @Override
  public void write(String text) throws IOException {
    process.checkAlive();
    perils.meetInPassing(PortCall.SAVE, Moment.BEFORE, name);
    file.write(text);
    perils.meetInPassing(PortCall.SAVE, Moment.DURING, name);
    perils.meetInPassing(PortCall.SAVE, Moment.AFTER, name);
  }

  @Override
  public void outdate() throws IOException {
    process.checkAlive();
    file.outdate();
  }

  @Override
  public String toString() {
    return name;
  }
}
