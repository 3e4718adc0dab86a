package fleet.mutation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// Loads all of fleet's classes anew, with those of a [Mutant] in place of their originals: so the
/// whole simulated world runs on the mutated code, and nobody else does.
final class MutatedCode extends ClassLoader {

  private final Map<String, byte[]> mutated;

  private MutatedCode(Map<String, byte[]> mutated) {
    super(MutatedCode.class.getClassLoader());
    this.mutated = mutated;
  }

  /// @throws AssertionError if the mutant does not compile, or its text is not found
  static MutatedCode of(Mutant mutant) throws IOException {
    var sources = new ArrayList<JavaFileObject>();
    mutant
        .sources()
        .forEach(
            (path, text) ->
                sources.add(
                    new SimpleJavaFileObject(path.toUri(), JavaFileObject.Kind.SOURCE) {
                      @Override
                      public CharSequence getCharContent(boolean ignored) {
                        return text;
                      }
                    }));
    return new MutatedCode(compile(mutant.name(), sources));
  }

  private static Map<String, byte[]> compile(String name, List<JavaFileObject> sources)
      throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var messages = new StringWriter();
    try (var standard = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      var output = new Output(standard);
      List<String> options =
          List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"));
      if (!compiler.getTask(messages, output, null, options, null, sources).call()) {
        throw new AssertionError("mutant " + name + " does not compile:\n" + messages);
      }
      return output.classes();
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("fleet.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = mutated.containsKey(name) ? mutated.get(name) : original(name);
    return defineClass(name, bytes, 0, bytes.length);
  }

  private byte[] original(String name) throws ClassNotFoundException {
    String path = name.replace('.', '/') + ".class";
    try (@Nullable InputStream bytes = getParent().getResourceAsStream(path)) {
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return bytes.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /// Keeps what the compiler writes.
  private static final class Output extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, ByteArrayOutputStream> written = new TreeMap<>();

    Output(StandardJavaFileManager standard) {
      super(standard);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        JavaFileManager.Location location,
        String className,
        JavaFileObject.Kind kind,
        @Nullable FileObject sibling) {
      return new SimpleJavaFileObject(
          URI.create("mutated:///" + className.replace('.', '/')), kind) {
        @Override
        public OutputStream openOutputStream() {
          return written.computeIfAbsent(className, _ -> new ByteArrayOutputStream());
        }
      };
    }

    Map<String, byte[]> classes() {
      var classes = new TreeMap<String, byte[]>();
      written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
      return classes;
    }
  }
}
