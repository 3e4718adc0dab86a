package fleet.daemon;

import fleet.cluster.env.Histogram;
import java.time.Duration;
import java.util.Arrays;

/// Writes metrics in the text format of Prometheus, version 0.0.4: families of samples, one after
/// the other.
///
/// Written by hand: it is a page of code, and the usual client library with what it needs is larger
/// than the rest of the daemon.
final class Exposition {

  private final StringBuilder text = new StringBuilder();

  /// Begins a family, to which all samples belong until the next.
  ///
  /// @param type `counter`, `gauge` or `histogram`
  Exposition family(String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ');
    text.append(help.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    return this;
  }

  /// @param labels names and values, one after the other
  Exposition sample(String name, long value, String... labels) {
    return sample(name, Long.toString(value), labels);
  }

  /// @param labels names and values, one after the other
  Exposition sample(String name, double value, String... labels) {
    return sample(name, number(value), labels);
  }

  private Exposition sample(String name, String value, String[] labels) {
    text.append(name);
    for (int i = 0; i < labels.length; i += 2) {
      text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      text.append(escaped(labels[i + 1])).append('"');
    }
    text.append(labels.length == 0 ? " " : "} ").append(value).append('\n');
    return this;
  }

  /// The buckets of a histogram, each with all that is below it, and their sum and count.
  Exposition histogram(String name, Histogram histogram, String... labels) {
    long below = 0;
    for (int i = 0; i < histogram.counts().size(); i++) {
      below += histogram.counts().get(i);
      String bound = i < Histogram.BOUNDS.size() ? seconds(Histogram.BOUNDS.get(i)) : "+Inf";
      sample(name + "_bucket", below, with(labels, "le", bound));
    }
    sample(name + "_sum", histogram.sum().toNanos() / 1e9, labels);
    return sample(name + "_count", below, labels);
  }

  private static String[] with(String[] labels, String name, String value) {
    var more = Arrays.copyOf(labels, labels.length + 2);
    more[labels.length] = name;
    more[labels.length + 1] = value;
    return more;
  }

  private static String seconds(Duration duration) {
    return number(duration.toNanos() / 1e9);
  }

  /// Whole numbers without a fraction.
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  String text() {
    return text.toString();
  }
}
