package fleet.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// How things are written for people, where a compiler would let them pass as Java writes them.
class SpellingTest {

  private static final ClassDesc STRING = ClassDesc.of("java.lang.String");
  private static final ClassDesc OBJECT = ClassDesc.of("java.lang.Object");
  private static final ClassDesc DURATION = ClassDesc.of("java.time.Duration");

  /// `PT1S` is a second to Java alone: [fleet.cluster.env.Spans] writes `1 s`.
  @Test
  void noSpanOfTimeIsWrittenAsJavaDoes() throws IOException {
    var found = new TreeSet<String>();
    for (JavaClass each : House.CLASSES) {
      try (InputStream bytes = each.getSource().orElseThrow().getUri().toURL().openStream()) {
        for (MethodModel method : ClassFile.of().parse(bytes.readAllBytes()).methods()) {
          if (method.code().filter(SpellingTest::writes).isPresent()) {
            found.add(each.getName() + "." + method.methodName().stringValue());
          }
        }
      }
    }

    assertEquals(List.of(), List.copyOf(found));
  }

  @Test
  void eachWayToWriteOneIsSeen() throws IOException {
    var seen = new TreeSet<String>();
    try (InputStream bytes = SpellingTest.class.getResourceAsStream("SpellingTest$Spans.class")) {
      for (MethodModel method : ClassFile.of().parse(bytes.readAllBytes()).methods()) {
        if (method.code().filter(SpellingTest::writes).isPresent()) {
          seen.add(method.methodName().stringValue());
        }
      }
    }

    assertEquals(
        List.of("ofAField", "ofAResult", "ofAVariable", "ofAnArgument", "toItself", "withAFormat"),
        List.copyOf(seen));
  }

  /// What a compiler lets pass.
  @SuppressWarnings("unused")
  private static final class Spans {

    private final Duration field = Duration.ZERO;

    String ofAField() {
      return "in " + field;
    }

    String ofAnArgument(Duration argument) {
      return "in " + argument;
    }

    String ofAVariable() {
      Duration variable = field.plusSeconds(1);
      return "in " + variable;
    }

    String ofAResult() {
      return "in " + field.plusSeconds(1);
    }

    String withAFormat(Duration argument) {
      return "in %s".formatted(argument);
    }

    String toItself() {
      return field.toString();
    }

    String asItShouldBe(Duration argument) {
      return "in " + argument.toSeconds() + Spans.of(argument);
    }

    private static String of(Duration argument) {
      return "P" + argument.toMillis();
    }
  }

  /// Whether a span of time becomes a text: it is written itself, joined to one, or put among what
  /// a format takes.
  private static boolean writes(CodeModel code) {
    List<CodeElement> elements = code.elementList();
    var variables = new HashMap<Integer, List<LocalVariable>>();
    for (CodeElement element : elements) {
      if (element instanceof LocalVariable variable) {
        variables.computeIfAbsent(variable.slot(), _ -> new ArrayList<>()).add(variable);
      }
    }
    boolean span = false;
    boolean ofAnything = false;
    for (CodeElement element : elements) {
      if (element instanceof NewReferenceArrayInstruction array) {
        ofAnything = array.componentType().asSymbol().equals(OBJECT);
      }
      if (element instanceof ArrayStoreInstruction && span && ofAnything) {
        return true;
      }
      if (element instanceof Instruction instruction) {
        if (takes(instruction, span)) {
          return true;
        }
        span = pushesSpan(instruction, variables);
      }
    }
    return false;
  }

  private static boolean takes(Instruction instruction, boolean span) {
    return switch (instruction) {
      case InvokeDynamicInstruction joined ->
          joined.name().equalsString("makeConcatWithConstants")
              && joined.typeSymbol().parameterList().contains(DURATION);
      case InvokeInstruction call ->
          (call.name().equalsString("toString") && call.owner().asSymbol().equals(DURATION))
              || (span
                  && call.name().equalsString("valueOf")
                  && call.owner().asSymbol().equals(STRING));
      default -> false;
    };
  }

  private static boolean pushesSpan(
      Instruction instruction, Map<Integer, List<LocalVariable>> variables) {
    return switch (instruction) {
      case FieldInstruction field ->
          (field.opcode() == Opcode.GETFIELD || field.opcode() == Opcode.GETSTATIC)
              && field.typeSymbol().equals(DURATION);
      case InvokeInstruction call -> call.typeSymbol().returnType().equals(DURATION);
      case LoadInstruction load ->
          load.typeKind() == TypeKind.REFERENCE
              && variables.getOrDefault(load.slot(), List.of()).stream()
                  .anyMatch(variable -> variable.typeSymbol().equals(DURATION));
      default -> false;
    };
  }
}
