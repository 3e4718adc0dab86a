package fleet.testing.systemd;

import fleet.agent.systemd.LocalUnit.OnDisk;
import fleet.unit.Parsed;
import fleet.unit.UnitFile;
import java.util.List;

/// A file of the directory of [SimulatedSystemd], and what is seen in it.
///
/// @param onDisk what there is to say of it
/// @param loaded what systemd makes of it
record WrittenFile(OnDisk onDisk, UnitFile loaded) {
  static WrittenFile of(String text) {
    return switch (UnitFile.parse(text)) {
      case Parsed.Ok<UnitFile>(var file) -> new WrittenFile(new OnDisk.Present(file.hash()), file);
      case Parsed.Malformed<UnitFile>(var problem) ->
          new WrittenFile(new OnDisk.Garbage(problem), new UnitFile(List.of()));
    };
  }
}
