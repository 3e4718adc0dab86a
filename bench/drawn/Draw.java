package fleet.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pitest.bytecode.analysis.ClassTree;
import org.pitest.mutationtest.build.InterceptorParameters;
import org.pitest.mutationtest.build.InterceptorType;
import org.pitest.mutationtest.build.MutationInterceptor;
import org.pitest.mutationtest.build.MutationInterceptorFactory;
import org.pitest.mutationtest.engine.Mutater;
import org.pitest.mutationtest.engine.MutationDetails;
import org.pitest.plugin.Feature;

/// Has PIT make the mutants that were drawn, and no others; or, before that, write down all that it
/// could make. A plugin of PIT's, compiled by `bench/mutants-drawn`.
public final class Draw implements MutationInterceptorFactory {

  @Override
  public MutationInterceptor createInterceptor(InterceptorParameters parameters) {
    return new Filter();
  }

  @Override
  public Feature provides() {
    return Feature.named("DRAWN").withOnByDefault(true).withDescription(description());
  }

  @Override
  public String description() {
    return "Only the mutants that were drawn";
  }

  private static final class Filter implements MutationInterceptor {
    private final String all = System.getProperty("drawn.all", "");
    private final String some = System.getProperty("drawn.some", "");

    @Override
    public InterceptorType type() {
      return InterceptorType.FILTER;
    }

    @Override
    public void begin(ClassTree type) {}

    @Override
    public void end() {}

    @Override
    public Collection<MutationDetails> intercept(
        Collection<MutationDetails> mutations, Mutater mutater) {
      try {
        if (!all.isEmpty()) {
          var names = mutations.stream().map(Filter::name).toList();
          Files.write(Path.of(all), names, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          return List.of();
        }
        var drawn = new TreeSet<>(Files.readAllLines(Path.of(some)));
        return mutations.stream().filter(mutation -> drawn.contains(name(mutation))).toList();
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }

    private static String name(MutationDetails mutation) {
      return mutation.getId() + " line " + mutation.getLineNumber();
    }
  }

  /// Prints so many lines of a file, drawn by a seed: `SEED NUMBER FILE`.
  public static void main(String[] arguments) throws Exception {
    var bySeed = new TreeMap<String, String>();
    var digest = MessageDigest.getInstance("SHA-256");
    for (String line : new TreeSet<>(Files.readAllLines(Path.of(arguments[2])))) {
      byte[] text = (arguments[0] + ":" + line).getBytes(StandardCharsets.UTF_8);
      bySeed.put(HexFormat.of().formatHex(digest.digest(text)), line);
    }
    bySeed.values().stream().limit(Long.parseLong(arguments[1])).forEach(System.out::println);
  }
}
