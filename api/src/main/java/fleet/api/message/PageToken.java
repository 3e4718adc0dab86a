package fleet.api.message;

import fleet.api.ListPage;
import fleet.unit.Parsed;
import fleet.unit.Parsed.Malformed;
import fleet.unit.Parsed.Ok;
import java.util.Base64;
import java.util.List;

/// Where in a list a page begins, as fleet v1 wrote it: the size of all pages and the number of
/// this one, each as two bytes, the lower one first, in URL-safe Base64.
///
/// The server remembers nothing: each page is cut from the list as it is then.
///
/// @param limit the size of a page, from 1 to 65,535
/// @param page counted from 1
public record PageToken(int limit, int page) {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  /// Reads what a client sent as `nextPageToken`; the first page if it sent none. The reasons are
  /// those of fleet 1.0.
  public static Parsed<PageToken> of(List<String> values, int limit) {
    if (values.isEmpty()) {
      return new Ok<>(new PageToken(limit, 1));
    }
    if (values.size() > 1) {
      return new Malformed<>("too many values for page token");
    }
    String text = values.getFirst().replace("\r", "").replace("\n", "");
    int corrupt = corrupt(text);
    if (corrupt >= 0) {
      return new Malformed<>("illegal base64 data at input byte " + corrupt);
    }
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    if (bytes.length < 4) {
      return new Malformed<>(bytes.length == 0 ? "EOF" : "unexpected EOF");
    }
    var token = new PageToken(number(bytes, 0), number(bytes, 2));
    if (token.limit != limit) {
      return new Malformed<>("token limit must be " + limit);
    }
    if (token.page == 0) {
      return new Malformed<>("token page must be greater than zero");
    }
    return new Ok<>(token);
  }

  /// Whether there are pages before this one.
  public boolean continues() {
    return page > 1;
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xff) | ((bytes[at + 1] & 0xff) << 8);
  }

  /// Where Go's decoder finds fault with a text; -1 if it does not.
  private static int corrupt(String text) {
    int digits = 0;
    while (digits < text.length() && ALPHABET.indexOf(text.charAt(digits)) >= 0) {
      digits++;
    }
    int over = digits % 4;
    if (digits == text.length()) {
      return over == 0 ? -1 : digits - over;
    }
    if (text.charAt(digits) != '=' || over < 2) {
      return digits;
    }
    int end = digits + (over == 2 ? 2 : 1);
    if (over == 2 && digits + 1 == text.length()) {
      return text.length();
    }
    if (over == 2 && text.charAt(digits + 1) != '=') {
      return digits;
    }
    return end < text.length() ? end : -1;
  }

  /// The token as clients see it.
  public String text() {
    byte[] bytes = {(byte) limit, (byte) (limit >> 8), (byte) page, (byte) (page >> 8)};
    return Base64.getUrlEncoder().encodeToString(bytes);
  }

  /// Cuts this page out of a list. A page that is full has a successor even if nothing is left for
  /// it, as in fleet v1.
  public <T> ListPage<T> cut(List<T> all) {
    long start = (long) (page - 1) * limit;
    long end = start + limit;
    if (start >= all.size()) {
      return new ListPage<>(List.of(), "");
    }
    if (end > all.size()) {
      return new ListPage<>(all.subList((int) start, all.size()), "");
    }
    return new ListPage<>(
        all.subList((int) start, (int) end), new PageToken(limit, page + 1).text());
  }
}
