package fleet.api.client;

import fleet.pem.Pem;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Puts TLS around a socket.
///
/// The server must always prove who it is. fleet 1.0 did not ask for that unless the client had a
/// certificate of its own.
final class TlsContext {

  private static final char[] NO_PASSWORD = {};

  private TlsContext() {}

  static Socket wrap(Socket plain, String host, int port, TlsFiles files) throws IOException {
    var secure =
        (SSLSocket) context(files).getSocketFactory().createSocket(plain, host, port, true);
    var parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private static SSLContext context(TlsFiles files) throws IOException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys(files), authorities(files), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static TrustManager @Nullable [] authorities(TlsFiles files)
      throws IOException, GeneralSecurityException {
    if (files.authorities().isEmpty()) {
      return null; // those of the Java runtime
    }
    var store = emptyStore();
    int number = 0;
    for (Certificate certificate : Pem.certificates(files.authorities().get())) {
      store.setCertificateEntry("authority " + number++, certificate);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager @Nullable [] keys(TlsFiles files)
      throws IOException, GeneralSecurityException {
    if (files.certificate().isEmpty() && files.key().isEmpty()) {
      return null;
    }
    if (files.certificate().isEmpty() || files.key().isEmpty()) {
      throw new IOException(
          "a certificate and its key must be given together, found only the "
              + (files.key().isEmpty() ? "certificate" : "key"));
    }
    PrivateKey key = Pem.privateKey(files.key().get());
    Certificate[] chain = Pem.certificates(files.certificate().get()).toArray(new Certificate[0]);
    var store = emptyStore();
    store.setKeyEntry("client", key, NO_PASSWORD, chain);
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
