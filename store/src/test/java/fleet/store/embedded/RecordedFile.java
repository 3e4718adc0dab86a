package fleet.store.embedded;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.h2.mvstore.SFChunk;
import org.jspecify.annotations.Nullable;

/// A store's file that remembers all that was asked of the disk, and so can say what a crash at any
/// moment would have left behind.
final class RecordedFile extends StoreFile {

  private static final int PAGE = 4096;
  private static final int SECTOR = 512;

  /// What the disk was asked.
  private sealed interface Step {
    record Write(long at, Bytes bytes) implements Step {}

    record Truncate(long bytes) implements Step {}

    record Sync() implements Step {}
  }

  private final Disk disk;

  RecordedFile(Disk disk) {
    this.disk = disk;
  }

  /// The disk, which outlives whoever has the file open.
  static final class Disk {
    private final byte[] before;
    private final List<Step> steps = new ArrayList<>();

    /// @param before what is in the file already
    Disk(byte[] before) {
      this.before = before.clone();
    }

    /// How many things were asked of it.
    int steps() {
      return steps.size();
    }

    /// What is left of the file if the process was killed during a step: the pages that it had
    /// already written, in their order.
    byte[] afterKill(int during, SplittableRandom random) {
      var image = new Image(before);
      steps.subList(0, during).forEach(image::apply);
      if (steps.get(during) instanceof Step.Write(var at, var bytes)) {
        int pages = random.nextInt(bytes.length() / PAGE + 1);
        image.write(at, bytes.array(), 0, pages * PAGE);
      }
      return image.bytes();
    }

    /// What is left of the file if the machine lost its power before a step: all that was synced,
    /// and whichever sectors of the rest had reached the disk.
    byte[] afterPowerLoss(int during, SplittableRandom random) {
      int synced = during;
      while (synced > 0 && !(steps.get(synced - 1) instanceof Step.Sync)) {
        synced--;
      }
      var image = new Image(before);
      steps.subList(0, synced).forEach(image::apply);
      for (Step step : steps.subList(synced, during)) {
        if (step instanceof Step.Write(var at, var bytes)) {
          for (int from = 0; from < bytes.length(); from += SECTOR) {
            if (random.nextBoolean()) {
              image.write(at, bytes.array(), from, Math.min(bytes.length(), from + SECTOR));
            }
          }
        } else if (random.nextBoolean()) {
          image.apply(step);
        }
      }
      return image.bytes();
    }
  }

  private static final class Image {
    private byte[] bytes;
    private int size;

    Image(byte[] bytes) {
      this.bytes = bytes.clone();
      this.size = bytes.length;
    }

    byte[] bytes() {
      return Arrays.copyOf(bytes, size);
    }

    void apply(Step step) {
      switch (step) {
        case Step.Write(var at, var written) -> write(at, written.array(), 0, written.length());
        case Step.Truncate(var left) -> size = Math.toIntExact(Math.min(size, left));
        case Step.Sync _ -> {}
      }
    }

    void write(long at, byte[] written, int from, int to) {
      if (from == to) {
        return;
      }
      int start = Math.toIntExact(at) + from;
      int end = start + to - from;
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * end);
      }
      if (start > size) {
        Arrays.fill(bytes, size, start, (byte) 0);
      }
      System.arraycopy(written, from, bytes, start, to - from);
      size = Math.max(size, end);
    }
  }

  @Override
  void writeAsItIs(@Nullable SFChunk chunk, long at, ByteBuffer source) {
    byte[] bytes = new byte[source.remaining()];
    source.duplicate().get(bytes);
    disk.steps.add(new Step.Write(at, Bytes.owning(bytes)));
    super.writeAsItIs(chunk, at, source);
  }

  @Override
  public void truncate(long size) {
    disk.steps.add(new Step.Truncate(size));
    super.truncate(size);
  }

  @Override
  public void sync() {
    disk.steps.add(new Step.Sync());
    super.sync();
  }
}
