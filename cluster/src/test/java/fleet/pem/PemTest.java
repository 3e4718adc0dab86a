package fleet.pem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.testing.pem.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class PemTest {

  /// Where the key itself begins in PKCS #8 of an RSA key of 2048 bits.
  private static final int RSA_WRAPPING = 26;

  @TempDir private Path directory;

  private PrivateKey read(String text) throws Exception {
    return Pem.privateKey(Files.writeString(directory.resolve("key.pem"), text));
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
  void keyWithAPasswordIsSaidToHaveOne() throws Exception {
    String traditional =
        TestCertificates.pem("RSA PRIVATE KEY", new byte[] {1})
            .replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n");
    for (String locked :
        List.of(TestCertificates.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}), traditional)) {
      assertEquals(
          directory.resolve("key.pem") + ": expected a private key without a password",
          assertThrows(PemException.class, () -> read(locked)).getMessage());
    }
  }

  @Test
  void whatIsNoKeyIsNamed() throws Exception {
    for (String bad :
        List.of(
            "",
            "no key\n",
            TestCertificates.pem("PRIVATE KEY", new byte[] {1, 2, 3}),
            TestCertificates.pem("RSA PRIVATE KEY", new byte[] {1, 2, 3}),
            TestCertificates.pem("EC PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 1}),
            TestCertificates.pem("EC PRIVATE KEY", new byte[] {1}),
            "-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n")) {
      var failure = assertThrows(PemException.class, () -> read(bad), bad);
      assertTrue(
          String.valueOf(failure.getMessage())
              .startsWith(directory.resolve("key.pem") + ": expected a private key"),
          failure.getMessage());
    }
  }

  @Test
  void certificatesAreReadInTheirOrderAndWhatIsNoneIsNamed() throws Exception {
    var certificates = new TestCertificates(directory);
    Path chain = directory.resolve("chain.pem");
    Files.writeString(
        chain,
        Files.readString(certificates.certificate("server"))
            + Files.readString(certificates.certificate("ca")));

    assertEquals(
        List.of("CN=server", "CN=ca"),
        Pem.certificates(chain).stream()
            .map(certificate -> certificate.getSubjectX500Principal().getName())
            .toList());
    for (String bad : List.of("", "-----BEGIN CERTIFICATE-----\nAAAA\n", "nothing\n")) {
      Path file = Files.writeString(directory.resolve("bad.pem"), bad);
      var failure = assertThrows(PemException.class, () -> Pem.certificates(file), bad);
      assertTrue(
          String.valueOf(failure.getMessage()).startsWith(file + ": expected certificates in PEM"),
          failure.getMessage());
    }
    Path nowhere = directory.resolve("none.pem");
    assertTrue(
        String.valueOf(
                assertThrows(PemException.class, () -> Pem.certificates(nowhere)).getMessage())
            .startsWith(nowhere + ": cannot be read: "));
  }
}
