package fleet.agent;

import fleet.agent.systemd.Systemd;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/// A systemd at each of whose calls somebody stands, who may do something before and after it, or
/// answer himself.
final class WatchedSystemd {

  private WatchedSystemd() {}

  /// Who stands there.
  interface Watcher {
    Object watch(Method method, Object[] arguments, Call call) throws Throwable;
  }

  /// What was asked for.
  interface Call {
    Object make() throws Throwable;
  }

  static Systemd of(Systemd systemd, Watcher watcher) {
    return (Systemd)
        Proxy.newProxyInstance(
            Systemd.class.getClassLoader(),
            new Class<?>[] {Systemd.class},
            (_, method, arguments) ->
                watcher.watch(method, arguments, () -> make(systemd, method, arguments)));
  }

  private static Object make(Systemd systemd, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(systemd, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }
}
