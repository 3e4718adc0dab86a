package fleet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// How things are written for people, where a compiler would let them pass as Java writes them.
class SpellingTest {

  private static final ClassDesc DURATION = ClassDesc.of("java.time.Duration");

  /// `PT1S` is a second to Java alone: [fleet.cluster.env.Spans] writes `1 s`.
  @Test
  void noSpanOfTimeIsWrittenAsJavaDoes() throws IOException {
    var found = new TreeSet<String>();
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("fleet");
    for (JavaClass each : classes) {
      try (InputStream bytes = each.getSource().orElseThrow().getUri().toURL().openStream()) {
        for (MethodModel method : ClassFile.of().parse(bytes.readAllBytes()).methods()) {
          if (method.code().stream()
              .flatMap(code -> code.elementStream())
              .anyMatch(SpellingTest::writes)) {
            found.add(each.getName() + "." + method.methodName().stringValue());
          }
        }
      }
    }

    assertEquals(List.of(), List.copyOf(found));
  }

  private static boolean writes(CodeElement element) {
    return switch (element) {
      case InvokeDynamicInstruction joined ->
          joined.name().equalsString("makeConcatWithConstants")
              && joined.typeSymbol().parameterList().contains(DURATION);
      case InvokeInstruction call ->
          call.owner().asSymbol().equals(DURATION) && call.name().equalsString("toString");
      default -> false;
    };
  }
}
