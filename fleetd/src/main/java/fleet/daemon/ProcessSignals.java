package fleet.daemon;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.EnumSet;
import java.util.Set;

/// The signals that the daemon is sent (signal(7)), handed out one after the other. Taken early, as
/// the default for each is death.
///
/// Java has no public interface for signals but `sun.misc.Signal`, of the module `jdk.unsupported`.
/// It is reached by name, since the compiler warns of it and takes no word that we know; the
/// alternative, a shutdown hook, hears of the end alone, and while it runs the log is being closed.
final class ProcessSignals {

  /// What the daemon is told to do.
  enum Told {
    /// TERM, INT: end.
    END,
    /// HUP: read the configuration anew.
    RELOAD,
    /// USR1: show what you know.
    SHOW
  }

  // Guarded by this. What is told twice before it is heard is told once.
  private final Set<Told> told = EnumSet.noneOf(Told.class);

  private ProcessSignals() {}

  /// Is told by [#tell] alone.
  static ProcessSignals untaken() {
    return new ProcessSignals();
  }

  /// Takes the signals of this process from now on.
  static ProcessSignals take() {
    var signals = new ProcessSignals();
    signals.handle("TERM", Told.END);
    signals.handle("INT", Told.END);
    signals.handle("HUP", Told.RELOAD);
    signals.handle("USR1", Told.SHOW);
    return signals;
  }

  private void handle(String name, Told meaning) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              ProcessSignals.class.getClassLoader(),
              new Class<?>[] {handler},
              (_, _, _) -> { // of its methods, only `handle` is ever called
                tell(meaning);
                return null;
              });
      var _ =
          signal
              .getMethod("handle", signal, handler)
              .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("cannot take the signal " + name, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("expected a Java with sun.misc.Signal", e);
    }
  }

  synchronized void tell(Told meaning) {
    told.add(meaning);
    notifyAll();
  }

  /// Waits for the next; the end comes before all else.
  synchronized Told next() throws InterruptedException {
    while (told.isEmpty()) {
      wait();
    }
    Told next = told.iterator().next();
    told.remove(next);
    return next;
  }
}
