package fleet.testing.machines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The small disk of a node that was given one, used from the host, as the node may be off or
/// frozen.
///
/// @param folder of this host that it is
public record SmallDisk(Path folder) {

  private Path filler() {
    return folder.resolve("filler");
  }

  /// Leaves no space on it.
  ///
  /// @throws AssertionError if some is left
  public void fill() {
    byte[] block = new byte[64 * 1024];
    try (var out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // It is full.
    }
    long free = folder.toFile().getUsableSpace();
    if (free != 0 || !isFull()) {
      throw new AssertionError("could not be filled: " + folder + ", free: " + free);
    }
  }

  public boolean isFull() {
    return Files.exists(filler());
  }

  /// Takes away what fills it.
  ///
  /// @throws IOException if nothing does
  public void empty() throws IOException {
    Files.delete(filler());
  }
}
