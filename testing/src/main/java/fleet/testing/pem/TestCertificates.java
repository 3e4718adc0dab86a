package fleet.testing.pem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Certificates for a test, made by openssl: of two authorities, `ca` and `stranger-ca`; of a
/// `server` at 127.0.0.1, one `elsewhere`, and a `client`, which the first has signed; and of a
/// `stranger`, whom the second has.
///
/// Each name becomes `name.pem` and `name.key` in the directory.
public final class TestCertificates {

  private final Path directory;

  public TestCertificates(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    make("ca");
    make("stranger-ca");
    sign("server", "ca", "-addext", "subjectAltName=IP:127.0.0.1");
    sign("elsewhere", "ca", "-addext", "subjectAltName=DNS:elsewhere.example");
    sign("client", "ca");
    sign("stranger", "stranger-ca");
  }

  public Path certificate(String name) {
    return directory.resolve(name + ".pem");
  }

  /// In PKCS #8.
  public Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /// The key of that name as the tools around etcd write it, in SEC 1.
  public Path sec1Key(String name) throws IOException, InterruptedException {
    Path key = directory.resolve(name + ".sec1");
    openssl(List.of("ec", "-in", key(name).toString(), "-out", key.toString()));
    return key;
  }

  private void sign(String name, String by, String... more)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("-CA", certificate(by).toString(), "-CAkey", key(by).toString()));
    arguments.addAll(List.of("-addext", "basicConstraints=CA:FALSE"));
    arguments.addAll(List.of(more));
    make(name, arguments.toArray(String[]::new));
  }

  private void make(String name, String... more) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "2"));
    arguments.addAll(List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"));
    arguments.addAll(List.of("-subj", "/CN=" + name, "-keyout", key(name).toString()));
    arguments.addAll(List.of("-out", certificate(name).toString()));
    arguments.addAll(List.of(more));
    openssl(arguments);
  }

  private static void openssl(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(arguments);
    Process openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (openssl.waitFor() != 0) {
      throw new AssertionError(command + ": " + said);
    }
  }

  public static String pem(String kind, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), kind);
  }
}
