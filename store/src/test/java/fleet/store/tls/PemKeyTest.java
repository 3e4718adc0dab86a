package fleet.store.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PemKeyTest {

  /// Where the key itself begins in PKCS #8 of an RSA key of 2048 bits.
  private static final int RSA_WRAPPING = 26;

  @TempDir private Path directory;

  private PrivateKey read(String text) throws Exception {
    return PemKey.read(Files.writeString(directory.resolve("key.pem"), text));
  }

  private static PrivateKey rsa() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair().getPrivate();
  }

  private static ECPrivateKey ec(String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return (ECPrivateKey) generator.generateKeyPair().getPrivate();
  }

  @Test
  void keysAreReadAsPkcs8() throws Exception {
    for (PrivateKey key :
        List.of(
            rsa(),
            ec("secp256r1"),
            KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate())) {
      assertEquals(key, read(TestCertificates.pem("PRIVATE KEY", key.getEncoded())));
    }
  }

  @Test
  void rsaKeyIsReadAsPkcs1() throws Exception {
    PrivateKey key = rsa();
    byte[] pkcs8 = key.getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, RSA_WRAPPING, pkcs8.length);

    assertEquals(key, read(TestCertificates.pem("RSA PRIVATE KEY", pkcs1)));
  }

  @Test
  void ecKeyIsReadAsSec1AfterItsParameters() throws Exception {
    ECPrivateKey key = ec("secp256r1");
    String secret = "%064x".formatted(key.getS());
    byte[] sec1 =
        HexFormat.of().parseHex("3031020101" + "0420" + secret + "a00a06082a8648ce3d030107");
    String parameters =
        TestCertificates.pem("EC PARAMETERS", HexFormat.of().parseHex("06082a8648ce3d030107"));

    PrivateKey read = read(parameters + TestCertificates.pem("EC PRIVATE KEY", sec1));

    assertEquals(key.getS(), ((ECPrivateKey) read).getS());
    assertEquals(key.getParams().getOrder(), ((ECPrivateKey) read).getParams().getOrder());
  }

  @Test
  void whatIsNoKeyIsNamed() throws Exception {
    for (String bad :
        List.of(
            "",
            "no key\n",
            TestCertificates.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}),
            TestCertificates.pem("PRIVATE KEY", new byte[] {1, 2, 3}),
            TestCertificates.pem("RSA PRIVATE KEY", new byte[] {1, 2, 3}),
            TestCertificates.pem("EC PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 1}),
            TestCertificates.pem("EC PRIVATE KEY", new byte[] {1}),
            "-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n")) {
      var failure = assertThrows(IllegalArgumentException.class, () -> read(bad), bad);
      assertTrue(
          String.valueOf(failure.getMessage())
              .startsWith(directory.resolve("key.pem") + ": expected a private key"),
          failure.getMessage());
    }
  }
}
