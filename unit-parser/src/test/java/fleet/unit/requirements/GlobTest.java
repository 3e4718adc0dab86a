package fleet.unit.requirements;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "never",
      textBlock =
          """
          # pattern      | fits                | does not fit
          web.service    | web.service         | web.servicex
          web.service    | web.service         | Web.service
          *              | ``                  | a/b
          *              | web@1.service       | /
          web@*.service  | web@.service        | web@1.timer
          web@*.service  | web@1.service       | xweb@1.service
          *.service      | .service            | service
          *@*            | a@b                 | a.b
          **a**          | xay                 | xy
          a*b*c          | axbxbxc             | axbxb
          *ab            | aab                 | aba
          *é?            | xéy                 | xey
          ?              | é                   | ``
          a?c            | abc                 | a/c
          a?c            | a😀c                | ac
          [abc]          | b                   | d
          [a-c]x         | bx                  | dx
          [^a-c]x        | dx                  | bx
          [!a]           | !                   | b
          [a^]           | ^                   | b
          [a-cx-z]       | y                   | w
          [c-a]          | never               | b
          [\\]]          | ]                   | \\
          [\\-x]         | -                   | y
          [a\\-z]        | -                   | b
          [a-\\z]        | q                   | -
          \\*            | *                   | x
          \\\\           | \\                  | \\\\
          {a,b}          | {a,b}               | a
          a]             | a]                  | a
          a-b            | a-b                 | ab
          [*]*           | *x                  | x
          [а-я]          | ж                   | z
          """)
  void globMeansWhatItMeansInGo(String pattern, String fits, String doesNotFit) {
    var glob = new Glob(pattern);

    assertTrue(glob.wellFormed());
    assertTrue(fits == null || glob.matches(fits), fits);
    assertFalse(glob.matches(doesNotFit), doesNotFit);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [          | [
          [a         | a
          a[         | a
          []         | ]
          []a]       | ]
          [^         | ^
          [^]        | x
          [^]a]      | x
          [-]        | -
          [-x]       | x
          [x-]       | x
          [a-        | a
          [a-b-c]    | b
          [a\\       | a
          a\\        | a
          \\         | \\
          x*[        | x
          """)
  void malformedGlobFitsNothing(String pattern, String name) {
    var glob = new Glob(pattern);

    assertFalse(glob.wellFormed());
    assertFalse(glob.matches(name));
    assertFalse(glob.matches(pattern));
  }

  @Test
  void starTakesWholeCharacters() {
    assertFalse(new Glob("*[\udc00-\udfff]").matches("😀"));
  }

  @Test
  void globIsHeldAgainstTheWholeNameInOneGo() {
    var glob = new Glob("*a".repeat(10_000) + "b");

    assertFalse(glob.matches("a".repeat(255)));
  }

  @Property
  void wellFormedGlobFitsWhatTheSameRegularExpressionFits(
      @ForAll("globs") String pattern,
      @ForAll @StringLength(max = 8) @CharRange(from = 'a', to = 'd') String name) {
    String expression =
        pattern.replace(".", "\\.").replace("*", ".*").replace("?", ".").replace("@", "[a-b]");

    assertEquals(
        Pattern.matches(expression, name), new Glob(pattern.replace("@", "[a-b]")).matches(name));
  }

  @Provide
  Arbitrary<String> globs() {
    return Arbitraries.strings().withChars("abc?*@").ofMaxLength(8);
  }

  @Property
  void anyTextIsAGlobThatAnswers(@ForAll("junk") String pattern, @ForAll("junk") String name) {
    var glob = new Glob(pattern);

    assertTrue(glob.wellFormed() || !glob.matches(name));
  }

  @Provide
  Arbitrary<String> junk() {
    return Arbitraries.strings().withChars("[]^-\\*?ab/😀\ud83d").ofMaxLength(12);
  }
}
