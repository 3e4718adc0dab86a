package fleet.store.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;
import org.jspecify.annotations.Nullable;

/// The file beneath the ledger: MVStore's own, but for how it finds its newest version.
///
/// MVStore writes a version as one chunk, with a header and a footer, wherever there is room. To
/// find the newest one after a crash it follows hints: the file's header, which it seldom rewrites,
/// and the chunk at the end of the file. A crash in the middle of a write can leave both pointing
/// at versions that are long past, and these it would take if they are still whole. Nor does it
/// notice a chunk whose middle never reached the disk. Therefore:
///
///  - The hints are not followed. The whole file is searched for chunks, some hundred megabytes a
///    second, and the newest whose parts are all there is taken.
///  - Each chunk carries a checksum of itself at the end of its footer (after the last field that
///    MVStore reads). If the newest one is torn, it was never synced, and so never acknowledged:
///    it is erased, and the one before it is the newest.
///  - One version at most can be torn, as each is synced before the next is written. If the one
///    before is torn too, the disk has lost what it had, and the file is not opened.
class StoreFile extends SingleFileStore {

  private static final int CACHE_MIB = 8;
  private static final int BLOCK_BYTES = 4096;
  private static final int FOOTER_BYTES = 128;
  private static final String CHECKSUM = ",crc32c:";
  private static final int CHECKSUM_BYTES = CHECKSUM.length() + 8;

  /// A chunk that was being written when the process or the machine ended.
  record Torn(long version, long block) {}

  private final Disk disk;
  private final List<Torn> passedOver;
  private Torn found = new Torn(0, 0);

  StoreFile() {
    this(Disk.REAL);
  }

  StoreFile(Disk disk) {
    this(disk, List.of());
  }

  /// @param passedOver which chunks are to be taken as not there
  private StoreFile(Disk disk, List<Torn> passedOver) {
    super(Map.of("cacheSize", CACHE_MIB));
    this.disk = disk;
    this.passedOver = new ArrayList<>(passedOver);
  }

  /// Opens the file, and locks it against other processes: all of them, or those that would write.
  /// One that cannot be written is open to be read alone.
  final StoreFile opened(Path path, boolean toWrite) {
    if (toWrite) {
      ask(Disk.Request.OPEN_TO_WRITE);
    }
    open(path.toString(), !toWrite, null);
    return this;
  }

  private void ask(Disk.Request request) {
    try {
      disk.ask(request);
    } catch (IOException failed) {
      throw DataUtils.newMVStoreException(
          request == Disk.Request.READ
              ? DataUtils.ERROR_READING_FAILED
              : DataUtils.ERROR_WRITING_FAILED,
          "{0}",
          failed.getMessage(),
          failed);
    }
  }

  /// Whether it could not be opened because its newest version is torn; then [#withoutTorn()] is
  /// the file to open.
  final boolean isTorn() {
    return found.block > 0 && passedOver.stream().allMatch(torn -> torn.version == found.version);
  }

  /// The same file without what was torn.
  final StoreFile withoutTorn() {
    var all = new ArrayList<>(passedOver);
    all.add(found);
    return new StoreFile(disk, all);
  }

  /// Makes an end of what was passed over: its place may be used from now on.
  final void eraseTorn() {
    if (!passedOver.isEmpty()) {
      for (Torn torn : List.copyOf(passedOver)) {
        writeAsItIs(null, torn.block * BLOCK_BYTES, ByteBuffer.allocate(BLOCK_BYTES));
      }
      sync();
      passedOver.clear();
    }
  }

  /// Writes the newest version once more, where it is, and syncs it.
  ///
  /// Nobody knows whether it has been: the process that wrote it may have been killed before, and a
  /// sync that failed leaves in memory what is not on the disk, where no later sync looks for it.
  final void writeNewestAgain() {
    SFChunk newest = lastChunk;
    if (newest != null) {
      long at = newest.block * BLOCK_BYTES;
      writeAsItIs(null, at, readFully(newest, at, newest.len * BLOCK_BYTES));
      sync();
    }
  }

  @Override
  protected void readStoreHeader(boolean asFastAsPossible) {
    super.readStoreHeader(true);
    SFChunk newest = lastChunk;
    if (newest != null && !isWhole(newest)) {
      found = new Torn(newest.version, newest.block);
      throw DataUtils.newMVStoreException(
          DataUtils.ERROR_FILE_CORRUPT,
          "version {0}, which was written and synced, is damaged",
          newest.version);
    }
  }

  @Override
  public ByteBuffer readFully(@Nullable SFChunk chunk, long at, int length) {
    ask(Disk.Request.READ);
    return passedOver.stream().anyMatch(torn -> torn.block * BLOCK_BYTES == at)
        ? ByteBuffer.allocate(length)
        : super.readFully(chunk, at, length);
  }

  @Override
  protected void writeFully(@Nullable SFChunk chunk, long at, ByteBuffer source) {
    if (chunk != null) {
      int place = endOfFooter(source);
      source.put(place, checksum(source, place));
    }
    writeAsItIs(chunk, at, source);
  }

  /// What reaches the disk.
  void writeAsItIs(@Nullable SFChunk chunk, long at, ByteBuffer source) {
    ask(Disk.Request.WRITE);
    super.writeFully(chunk, at, source);
  }

  @Override
  public void sync() {
    ask(Disk.Request.SYNC);
    super.sync();
  }

  private boolean isWhole(SFChunk chunk) {
    ByteBuffer all = readFully(chunk, chunk.block * BLOCK_BYTES, chunk.len * BLOCK_BYTES);
    int place = endOfFooter(all) - CHECKSUM_BYTES;
    return all.slice(place, CHECKSUM_BYTES).equals(ByteBuffer.wrap(checksum(all, place)));
  }

  /// Where the text of a chunk's footer ends, which spaces and a newline fill up.
  private static int endOfFooter(ByteBuffer chunk) {
    int end = chunk.limit();
    while (end > chunk.limit() - FOOTER_BYTES + CHECKSUM_BYTES && chunk.get(end - 1) <= ' ') {
      end--;
    }
    return end;
  }

  private static byte[] checksum(ByteBuffer chunk, int length) {
    var checksum = new CRC32C();
    checksum.update(chunk.slice(0, length));
    return "%s%08x".formatted(CHECKSUM, checksum.getValue()).getBytes(StandardCharsets.US_ASCII);
  }
}
