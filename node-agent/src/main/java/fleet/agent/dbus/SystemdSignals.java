package fleet.agent.dbus;

import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.UInt32;

/// The signals of systemd's manager that we follow (org.freedesktop.systemd1(5)). Public, and in
/// this form, because dbus-java makes them by reflection.
@DBusInterfaceName("org.freedesktop.systemd1.Manager")
public interface SystemdSignals extends DBusInterface {

  /// A job has ended.
  final class JobRemoved extends DBusSignal {
    final String job;
    final String unit;
    final String result;

    public JobRemoved(String path, UInt32 id, DBusPath job, String unit, String result)
        throws DBusException {
      super(path, id, job, unit, result);
      this.job = job.getPath();
      this.unit = unit;
      this.result = result;
    }
  }

  /// systemd has begun to hold a unit in memory.
  final class UnitNew extends DBusSignal {
    final String unit;

    public UnitNew(String path, String unit, DBusPath object) throws DBusException {
      super(path, unit, object);
      this.unit = unit;
    }
  }

  /// systemd holds a unit in memory no more.
  final class UnitRemoved extends DBusSignal {
    final String unit;

    public UnitRemoved(String path, String unit, DBusPath object) throws DBusException {
      super(path, unit, object);
      this.unit = unit;
    }
  }

  /// systemd begins to read all unit files anew, or has done so.
  final class Reloading extends DBusSignal {
    final boolean begins;

    public Reloading(String path, boolean begins) throws DBusException {
      super(path, begins);
      this.begins = begins;
    }
  }
}
