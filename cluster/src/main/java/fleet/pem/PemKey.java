package fleet.pem;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Private keys in PEM, in the three forms that are about.
///
/// The JDK knows PKCS #8 (RFC 5208) alone. OpenSSL and the tools around etcd also write RSA keys as
/// PKCS #1 (RFC 8017) and EC keys as SEC 1 (RFC 5915); fleet 1.0 read all three. The older two are
/// wrapped here into the first.
final class PemKey {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----((?s:.*?))-----END \\1-----");

  // DER of AlgorithmIdentifier for rsaEncryption, and of the identifier id-ecPublicKey.
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int PARAMETERS = 0xa0;

  private PemKey() {}

  /// It is no key that can be used. The message says why.
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message, @Nullable Exception cause) {
      super(message, cause);
    }
  }

  static PrivateKey parse(String text) throws Unusable {
    var block = BLOCK.matcher(text);
    if (!block.find()) {
      throw new Unusable(
          text.contains("ENCRYPTED")
              ? "expected a private key without a password"
              : "expected a private key in PEM, found none",
          null);
    }
    if (block.group(2).contains(":")) { // headers, of which a key without a password has none
      throw new Unusable("expected a private key without a password", null);
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(block.group(2));
      return switch (block.group(1)) {
        case "RSA PRIVATE KEY" -> key("RSA", sequence(VERSION_0, RSA, element(OCTET_STRING, der)));
        case "EC PRIVATE KEY" ->
            key(
                "EC",
                sequence(
                    VERSION_0, sequence(EC_PUBLIC_KEY, curve(der)), element(OCTET_STRING, der)));
        default -> ofAnyKind(der);
      };
    } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new Unusable("expected a private key: " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  private static PrivateKey ofAnyKind(byte[] pkcs8) throws GeneralSecurityException {
    try {
      return key("RSA", pkcs8);
    } catch (GeneralSecurityException notRsa) {
      try {
        return key("EC", pkcs8);
      } catch (GeneralSecurityException notEc) {
        return key("EdDSA", pkcs8);
      }
    }
  }

  /// What names the curve in an ECPrivateKey: the content of its element `[0]`.
  private static byte[] curve(byte[] der) {
    int at = contentStart(der, 0);
    while (at < der.length) {
      int start = contentStart(der, at);
      int end = start + contentLength(der, at);
      if ((der[at] & 0xff) == PARAMETERS) {
        return Arrays.copyOfRange(der, start, end);
      }
      at = end;
    }
    throw new IllegalArgumentException("it does not name its curve");
  }

  private static int contentStart(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    return at + 2 + (length < 0x80 ? 0 : length - 0x80);
  }

  private static int contentLength(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    if (length < 0x80) {
      return length;
    }
    int value = 0;
    for (int i = 0; i < length - 0x80; i++) {
      value = (value << 8) | (der[at + 2 + i] & 0xff);
    }
    return value;
  }

  private static byte[] sequence(byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    return element(SEQUENCE, content.toByteArray());
  }

  private static byte[] element(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
      out.write(0x80 + bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(content.length >>> (8 * i));
      }
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
