package fleet.agent.dbus;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives tests a [Node]: one for all, which is booted for the first and vanishes after the last.
final class OnNode implements ParameterResolver {

  /// What JUnit closes when all tests have run.
  @SuppressWarnings("try") // an interruption may come out of it
  private record Booted(Node node) implements AutoCloseable {
    @Override
    public void close() throws IOException, InterruptedException {
      node.vanish();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Node.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .getOrComputeIfAbsent(Booted.class, _ -> boot(), Booted.class)
        .node();
  }

  private static Booted boot() {
    try {
      return new Booted(Node.boot());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while a node booted", e);
    }
  }
}
