package fleet.api.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// Reads private keys from PEM files (RFC 7468), also in the two forms that OpenSSL used to write
/// and that Java does not know: these are put into an envelope of PKCS #8 (RFC 5958).
final class PemKey {

  private static final String PKCS8 = "PRIVATE KEY";
  private static final String PKCS1 = "RSA PRIVATE KEY";
  private static final String SEC1 = "EC PRIVATE KEY";

  private static final byte[] VERSION_0 = {2, 1, 0};
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int PARAMETERS = 0xa0; // [0] in ECPrivateKey (RFC 5915)

  private PemKey() {}

  static PrivateKey read(Path file) throws IOException, GeneralSecurityException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    for (String label : List.of(PKCS8, PKCS1, SEC1)) {
      String begin = "-----BEGIN " + label + "-----";
      int start = text.indexOf(begin);
      int end = text.indexOf("-----END " + label + "-----");
      if (start >= 0 && end > start) {
        String base64 = text.substring(start + begin.length(), end);
        if (base64.contains(":")) {
          throw new IOException(file + ": expected a key without a password");
        }
        return key(file, label, der(file, base64));
      }
    }
    throw new IOException(file + ": expected a private key in PEM, found none");
  }

  private static byte[] der(Path file, String base64) throws IOException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": expected Base64: " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(Path file, String label, byte[] der)
      throws IOException, GeneralSecurityException {
    byte[] pkcs8 =
        switch (label) {
          case PKCS1 -> sequence(VERSION_0, RSA, element(OCTETS, der));
          case SEC1 -> sequence(VERSION_0, sequence(EC, curve(file, der)), element(OCTETS, der));
          default -> der;
        };
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException otherAlgorithm) {
        // It says in the key which one it is; Java wants to be told before.
      }
    }
    throw new IOException(file + ": expected an RSA, EC or EdDSA key, found another or none");
  }

  /// The name of the curve, which SEC 1 keeps within the key and PKCS #8 beside it.
  private static byte[] curve(Path file, byte[] der) throws IOException {
    int at = der.length < 2 ? der.length : contents(der, 0);
    while (at + 1 < der.length) {
      int contents = contents(der, at);
      int end = contents + length(der, at);
      if ((der[at] & 0xff) == PARAMETERS && end <= der.length) {
        return Arrays.copyOfRange(der, contents, end);
      }
      at = end;
    }
    throw new IOException(file + ": expected an EC key that names its curve");
  }

  private static int contents(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int length(byte[] der, int at) throws IOException {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = at + 2; i < contents(der, at); i++) {
      if (i >= der.length || length > 0xffff) {
        throw new IOException("expected a private key in DER, found something else");
      }
      length = (length << 8) | (der[i] & 0xff);
    }
    return length;
  }

  private static byte[] sequence(byte[]... elements) {
    var contents = new ByteArrayOutputStream();
    for (byte[] element : elements) {
      contents.writeBytes(element);
    }
    return element(SEQUENCE, contents.toByteArray());
  }

  private static byte[] element(int tag, byte[] contents) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    int length = contents.length;
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(contents);
    return out.toByteArray();
  }
}
