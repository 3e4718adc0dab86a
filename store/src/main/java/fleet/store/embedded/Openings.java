package fleet.store.embedded;

import static java.time.temporal.ChronoUnit.SECONDS;

import fleet.cluster.env.Environment;
import fleet.cluster.env.LastingTrouble;
import fleet.cluster.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.h2.mvstore.MVStoreException;

/// A ledger's file as it is open at present. When its disk has failed it is opened anew, by itself
/// and again and again, since nobody else will.
///
/// MVStore closes a file at the first write that fails, and what is in the file then is known only
/// after it has been opened again. Three things can come of that:
///
///  - It can be written, and there is space: all is well.
///  - It can be written, and there is little space: only what frees some is taken, at the cost of
///    the [Reserve], until there is more.
///  - It cannot be written: it is opened to be read alone, and nothing is taken. It is tried again
///    after 100 ms, then 200 ms, and so on up to 5 s.
///
/// Changed by the writer's thread alone; anybody may ask for the present file and trouble. No lock
/// is held meanwhile: who reads from a file that has been closed looks for the next one.
final class Openings {

  private static final System.Logger LOG = System.getLogger(Openings.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /// How far a trouble goes.
  enum Extent {
    /// Only what frees space is taken.
    FULL,
    /// It can be read.
    READ_ONLY,
    /// It cannot even be read.
    AWAY
  }

  /// What ails the disk.
  record Trouble(Extent extent, Instant since, String reason) {}

  private final Path path;
  private final Environment environment;
  private final Disk disk;
  private final Reserve reserve;
  private final LastingTrouble lasting;

  private volatile LedgerFile file;
  private volatile boolean closed;
  private volatile Optional<Trouble> trouble = Optional.empty();

  /// Zero for as long as nothing has failed since something was written.
  private Duration pause = Duration.ZERO;

  private Duration next = Duration.ZERO;

  /// What every later opening must have.
  private OptionalLong id = OptionalLong.empty();

  private long acknowledged;

  /// Opens the file in `directory`, to be read alone if its disk takes nothing.
  ///
  /// @throws StoreException.Unavailable if another process has it open
  /// @throws StoreException.Denied if it cannot be read, or is not there and cannot be made
  Openings(Path directory, Environment environment, Disk disk) {
    this.path = Opening.path(directory);
    this.environment = environment;
    this.disk = disk;
    this.reserve = new Reserve(directory, disk);
    this.lasting = new LastingTrouble(environment);
    this.file = first(directory);
  }

  private LedgerFile first(Path directory) {
    try {
      LedgerFile opened = Opening.open(directory, new StoreFile(disk));
      if (!reserve.isMade()) {
        LOG.log(
            System.Logger.Level.WARNING, "the disk of the store has little space path={0}", path);
      }
      return opened;
    } catch (StoreException.Denied denied) {
      if (!Files.exists(path)) {
        throw denied;
      }
      try {
        LedgerFile opened = Opening.existing(path, new StoreFile(disk), false);
        note(Extent.READ_ONLY, reason(denied));
        putOff();
        return opened;
      } catch (StoreException second) {
        denied.addSuppressed(second);
        throw denied;
      }
    }
  }

  /// The file as it is open at present. It may have been closed by the time that it is asked.
  LedgerFile file() {
    return file;
  }

  Path path() {
    return path;
  }

  /// What ails the disk, if anything does.
  Optional<Trouble> trouble() {
    return trouble;
  }

  private boolean is(Extent extent) {
    return trouble.filter(now -> now.extent() == extent).isPresent();
  }

  /// Whether it cannot even be read.
  boolean isAway() {
    return closed || is(Extent.AWAY);
  }

  /// Whether anything at all can be written.
  boolean isWritable() {
    return trouble.isEmpty() || is(Extent.FULL);
  }

  /// Refuses what the disk does not take.
  ///
  /// @param frees whether it makes space rather than takes it
  void admit(boolean frees) {
    Optional<Trouble> now = trouble;
    if (now.isPresent() && !(frees && now.get().extent() == Extent.FULL)) {
      throw new LedgerException.Unwritable(
          "%s: nothing can be stored since %s: %s"
              .formatted(path, now.get().since().truncatedTo(SECONDS), now.get().reason()),
          now.get().extent() == Extent.FULL);
    }
  }

  /// What to say of something that a failure has kept from being done.
  LedgerException.Unwritable refusal(RuntimeException failure) {
    return new LedgerException.Unwritable(
        path + ": nothing was stored: " + reason(failure), Reserve.isForSpace(failure));
  }

  /// Before a commit: what frees space may need some.
  void makeRoom() {
    if (is(Extent.FULL) && file.isChanged()) {
      try {
        reserve.giveUpSome();
      } catch (IOException _) {
        // Then the commit will say why.
      }
    }
  }

  /// Before much is to be written that will free more.
  void makeMuchRoom() {
    if (is(Extent.FULL)) {
      try {
        reserve.giveUpAll();
      } catch (IOException _) {
        // Then it will be seen in what follows.
      }
    }
  }

  /// The present file has been taken over: every later one must have as much.
  void begin(long revision) {
    acknowledged = revision;
    id = file.id();
  }

  /// Everything up to a revision has been written, and is on disk.
  void written(long revision) {
    acknowledged = revision;
    if (trouble.isEmpty()) {
      pause = Duration.ZERO;
    }
  }

  /// The disk failed: opens the file anew, at once if that is the first time.
  ///
  /// @return whether it has been opened to be written
  boolean failed(RuntimeException failure) {
    file.abandon();
    String reason = reason(failure);
    boolean again = !pause.isZero();
    putOff();
    if (again) {
      openToRead(reason);
      return false;
    }
    return reopen(reason);
  }

  /// Tries again what has failed, if it is time.
  ///
  /// @return whether it has been opened anew to be written
  boolean retry() {
    if (trouble.isEmpty() || environment.uptime().compareTo(next) < 0) {
      return false;
    }
    putOff();
    if (is(Extent.FULL)) {
      lookForSpace(trouble.get().reason(), file.freeBytes());
      return false;
    }
    try {
      reserve.probe();
    } catch (IOException stillFails) {
      note(trouble.get().extent(), reason(stillFails));
      if (is(Extent.READ_ONLY)) {
        return false; // and who reads is left alone
      }
    }
    file.abandon();
    return reopen(trouble.get().reason());
  }

  private void putOff() {
    pause = pause.isZero() ? FIRST_PAUSE : pause.plus(pause);
    if (pause.compareTo(LONGEST_PAUSE) > 0) {
      pause = LONGEST_PAUSE;
    }
    next = environment.uptime().plus(pause);
  }

  /// Opens the file to be written, or else to be read.
  ///
  /// @param reason what has ailed the disk so far
  private boolean reopen(String reason) {
    try {
      file = same(Opening.existing(path, new StoreFile(disk), true));
    } catch (StoreException failed) {
      openToRead(reason(failed));
      return false;
    }
    lookForSpace(reason, 0);
    return true;
  }

  private void openToRead(String reason) {
    try {
      file = same(Opening.existing(path, new StoreFile(disk), false));
      note(Extent.READ_ONLY, reason);
    } catch (StoreException failed) {
      note(Extent.AWAY, reason(failed));
    }
  }

  /// What was acknowledged must be there: else that is another disk, or one that has lost it.
  private LedgerFile same(LedgerFile opened) {
    if (opened.head() >= acknowledged && opened.id().equals(id)) {
      return opened;
    }
    opened.abandon();
    throw new StoreException.Denied(
        "%s: expected revision %d of ledger %s, found %d of %s: it is another, or has lost some"
            .formatted(path, acknowledged, name(id), opened.head(), name(opened.id())));
  }

  private static String name(OptionalLong id) {
    return id.isPresent() ? Long.toHexString(id.getAsLong()) : "none";
  }

  /// @param inFile what the file has that can be written without its becoming larger
  private void lookForSpace(String reason, long inFile) {
    try {
      long enough = Reserve.BYTES + Reserve.HEADROOM;
      if (reserve.found() >= enough || inFile >= enough) {
        over();
      } else {
        note(Extent.FULL, reason);
      }
    } catch (IOException failed) {
      note(Extent.FULL, reason(failed));
    }
  }

  private void note(Extent extent, String reason) {
    Instant since = trouble.map(Trouble::since).orElseGet(environment::now);
    trouble = Optional.of(new Trouble(extent, since, reason));
    String what =
        switch (extent) {
          case FULL -> "the store takes only deletions, since its disk is full";
          case READ_ONLY -> "the store can only be read, since its disk takes nothing";
          case AWAY -> "the store can be neither read nor written, since its disk fails";
        };
    lasting
        .met(extent.name(), "%s path=%s reason=\"%s\"".formatted(what, path, reason))
        .ifPresent(line -> LOG.log(System.Logger.Level.ERROR, line));
  }

  private void over() {
    trouble = Optional.empty();
    lasting
        .over("the store takes everything again path=" + path)
        .ifPresent(line -> LOG.log(System.Logger.Level.INFO, line));
  }

  /// What the system said, which libraries wrap.
  static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /// Closes the file. Nothing is left to be written.
  void close() {
    closed = true;
    try {
      if (isWritable()) {
        file.close();
      }
    } catch (MVStoreException failed) {
      LOG.log(System.Logger.Level.WARNING, "could not be closed path=" + path, failed);
    } finally {
      file.abandon();
    }
  }
}
