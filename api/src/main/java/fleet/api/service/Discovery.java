package fleet.api.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The description of fleet v1's API in Google's discovery format, from which clients are
/// generated. What we have added to that API is not in it.
final class Discovery {

  static final String DOCUMENT = read("discovery.json");

  private Discovery() {}

  private static String read(String name) {
    try (InputStream in = Discovery.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("expected " + name + " beside " + Discovery.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
