package fleet.pem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/// Reads PEM files (RFC 7468).
public final class Pem {

  private Pem() {}

  /// The private key in a file: RSA, EC or EdDSA, in PKCS #8, or in one of the two forms that
  /// OpenSSL used to write.
  ///
  /// @throws PemException if the file holds no key, one with a password, or one that is not
  ///     understood
  public static PrivateKey privateKey(Path file) throws PemException {
    try {
      return PemKey.parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (PemKey.Unusable unusable) {
      throw new PemException(file, String.valueOf(unusable.getMessage()), unusable);
    } catch (IOException failed) {
      throw new PemException(file, "cannot be read: " + failed, failed);
    }
  }

  /// The certificates in a file, in their order; at least one.
  ///
  /// @throws PemException if the file holds none, or one that is not understood
  public static List<X509Certificate> certificates(Path file) throws PemException {
    try (var in = Files.newInputStream(file)) {
      var found =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (found.isEmpty()) {
        throw new PemException(file, "expected certificates in PEM, found none", null);
      }
      return found;
    } catch (CertificateException failed) {
      throw new PemException(file, "expected certificates in PEM: " + failed.getMessage(), failed);
    } catch (PemException unusable) {
      throw unusable;
    } catch (IOException failed) {
      throw new PemException(file, "cannot be read: " + failed, failed);
    }
  }
}
