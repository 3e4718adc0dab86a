/// Help with words that people mistype. The one place that guesses, for unit files, for the
/// command line and for the configuration.
@org.jspecify.annotations.NullMarked
package fleet.unit.words;
