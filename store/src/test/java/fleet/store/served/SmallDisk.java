package fleet.store.served;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file system of a few MiB in memory, mounted for a test. For root.
final class SmallDisk implements AutoCloseable {

  private static final int BYTES_AT_ONCE = 16 << 10;

  private final Path directory;
  private final Thread atExit = new Thread(this::unmount);

  /// @param directory where to mount it
  SmallDisk(Path directory, int mebibytes) throws IOException {
    this.directory = directory;
    run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + mebibytes + "m", "fleet-test");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  private void run(String... command) throws IOException {
    List<String> all = new ArrayList<>(List.of(command));
    all.add(directory.toString());
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    try {
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IOException(all + ": " + said);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(stopped);
    }
  }

  Path directory() {
    return directory;
  }

  private Path ballast() {
    return directory.resolve("ballast");
  }

  /// Writes until nothing more is taken.
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast())) {
      while (true) {
        out.write(new byte[BYTES_AT_ONCE]);
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space left on device")) {
        throw full;
      }
    }
  }

  /// Gives back what it was filled with.
  void empty() throws IOException {
    Files.delete(ballast());
  }

  void takeNothing() throws IOException {
    run("mount", "-o", "remount,ro");
  }

  void takeAll() throws IOException {
    run("mount", "-o", "remount,rw");
  }

  private void unmount() {
    try {
      run("umount", "--lazy");
    } catch (IOException gone) {
      System.err.println(gone.getMessage());
    }
  }

  @Override
  public void close() {
    if (Runtime.getRuntime().removeShutdownHook(atExit)) {
      unmount();
    }
  }
}
