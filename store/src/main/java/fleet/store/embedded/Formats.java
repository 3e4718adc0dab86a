package fleet.store.embedded;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/// How a ledger's records lie in its file. To change any of it means to raise [#VERSION] and to
/// read the old one too.
final class Formats {

  static final String VERSION = "1";

  private Formats() {}

  /// One of the versions of a key: that which was made at `revision`.
  record VersionKey(Bytes key, long revision) {}

  /// What a key came to be.
  sealed interface Version {
    record Bound(Bytes value, long createRevision, long version, long lease) implements Version {}

    record Gone() implements Version {}
  }

  /// What a revision changed.
  ///
  /// @param keys in the order in which they were changed
  /// @param bytes that the changed versions take up, roughly
  record Revision(List<Bytes> keys, long bytes) {
    Revision {
      keys = List.copyOf(keys);
    }
  }

  private static final int OBJECT_BYTES = 48;

  private static void write(WriteBuffer to, Bytes bytes) {
    to.putVarInt(bytes.length()).put(bytes.array());
  }

  private static Bytes bytes(ByteBuffer from) {
    byte[] array = new byte[DataUtils.readVarInt(from)];
    from.get(array);
    return Bytes.owning(array);
  }

  static final class VersionKeyType extends BasicDataType<VersionKey> {
    @Override
    public int compare(VersionKey a, VersionKey b) {
      int order = a.key.compareTo(b.key);
      return order != 0 ? order : Long.compare(a.revision, b.revision);
    }

    @Override
    public void write(WriteBuffer to, VersionKey key) {
      Formats.write(to, key.key);
      to.putVarLong(key.revision);
    }

    @Override
    public VersionKey read(ByteBuffer from) {
      return new VersionKey(bytes(from), DataUtils.readVarLong(from));
    }

    @Override
    public int getMemory(VersionKey key) {
      return 2 * OBJECT_BYTES + key.key.length();
    }

    @Override
    public VersionKey[] createStorage(int size) {
      return new VersionKey[size];
    }
  }

  static final class VersionType extends BasicDataType<Version> {
    private static final byte GONE = 0;
    private static final byte BOUND = 1;

    @Override
    public void write(WriteBuffer to, Version version) {
      switch (version) {
        case Version.Gone _ -> to.put(GONE);
        case Version.Bound(var value, var created, var count, var lease) -> {
          to.put(BOUND).putVarLong(created).putVarLong(count).putLong(lease);
          Formats.write(to, value);
        }
      }
    }

    @Override
    public Version read(ByteBuffer from) {
      byte kind = from.get();
      return switch (kind) {
        case GONE -> new Version.Gone();
        case BOUND -> {
          long created = DataUtils.readVarLong(from);
          long count = DataUtils.readVarLong(from);
          long lease = from.getLong();
          yield new Version.Bound(bytes(from), created, count, lease);
        }
        default -> throw new IllegalStateException("a version of kind " + kind);
      };
    }

    @Override
    public int getMemory(Version version) {
      return switch (version) {
        case Version.Gone _ -> OBJECT_BYTES;
        case Version.Bound bound -> 2 * OBJECT_BYTES + bound.value.length();
      };
    }

    @Override
    public Version[] createStorage(int size) {
      return new Version[size];
    }
  }

  static final class RevisionType extends BasicDataType<Revision> {
    @Override
    public void write(WriteBuffer to, Revision revision) {
      to.putVarLong(revision.bytes).putVarInt(revision.keys.size());
      revision.keys.forEach(key -> Formats.write(to, key));
    }

    @Override
    public Revision read(ByteBuffer from) {
      long bytes = DataUtils.readVarLong(from);
      int count = DataUtils.readVarInt(from);
      List<Bytes> keys = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        keys.add(bytes(from));
      }
      return new Revision(keys, bytes);
    }

    @Override
    public int getMemory(Revision revision) {
      return OBJECT_BYTES
          + revision.keys.stream().mapToInt(key -> OBJECT_BYTES + key.length()).sum();
    }

    @Override
    public Revision[] createStorage(int size) {
      return new Revision[size];
    }
  }
}
