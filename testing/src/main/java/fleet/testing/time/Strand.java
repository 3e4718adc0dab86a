package fleet.testing.time;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/// What a task does, which runs on the thread that tells it to, until it parks: a virtual thread
/// without the thread.
///
/// A hand-over from task to task costs a sixth of a microsecond. Between virtual threads, through
/// their scheduler and two semaphores, it costs thirty times that, and a simulated year has half a
/// billion. The JDK has no public door to what virtual threads are made of;
/// `--add-exports java.base/jdk.internal.vm=ALL-UNNAMED` opens one.
///
/// All tasks of a world have the same current thread. So a lock that one task held while it waits
/// would keep no other out; but no lock of ours is held by anybody who waits.
final class Strand {

  private static final Object SCOPE;
  private static final MethodHandle NEW;
  private static final MethodHandle RUN;
  private static final MethodHandle YIELD;

  static {
    try {
      var lookup = MethodHandles.lookup();
      var continuation = Class.forName("jdk.internal.vm.Continuation");
      var scope = Class.forName("jdk.internal.vm.ContinuationScope");
      SCOPE = lookup.findConstructor(scope, methodType(void.class, String.class)).invoke("fleet");
      NEW =
          lookup
              .findConstructor(continuation, methodType(void.class, scope, Runnable.class))
              .asType(methodType(Object.class, Object.class, Runnable.class));
      RUN =
          lookup
              .findVirtual(continuation, "run", methodType(void.class))
              .asType(methodType(void.class, Object.class));
      YIELD =
          lookup
              .findStatic(continuation, "yield", methodType(boolean.class, scope))
              .asType(methodType(boolean.class, Object.class));
    } catch (Throwable closed) {
      throw new IllegalStateException(
          "virtual time needs a JDK 25 with --add-exports java.base/jdk.internal.vm=ALL-UNNAMED",
          closed);
    }
  }

  private final Object continuation;

  Strand(Runnable body) {
    try {
      this.continuation = (Object) NEW.invokeExact(SCOPE, body);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Lets it go on, or begin; returns when it has parked or ended.
  void run() {
    try {
      RUN.invokeExact(continuation);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Ends the turn of the strand that calls it, until [#run()] is called again.
  static void park() {
    try {
      boolean _ = (boolean) YIELD.invokeExact(SCOPE);
    } catch (Throwable pinned) {
      throw new IllegalStateException("a simulated task cannot wait here", pinned);
    }
  }
}
