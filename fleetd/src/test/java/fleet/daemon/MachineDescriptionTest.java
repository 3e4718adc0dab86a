package fleet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.cluster.Machine;
import fleet.cluster.MachineId;
import fleet.daemon.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineDescriptionTest {

  private static final String ID = "0123456789abcdef0123456789abcdef";

  @TempDir private Path root;

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private MachineDescription machine(String configuration) {
    return new MachineDescription(
        root,
        Configuration.of("fleet.conf", configuration, new TreeMap<>()).orElseThrow().agent(),
        "2.0.0");
  }

  @Test
  void theIdIsWhatTheFileSays() throws Exception {
    write("etc/machine-id", ID + "\n");

    assertEquals(new MachineId(ID), machine("").id());
  }

  @Test
  void withoutAnIdNothingStarts() throws Exception {
    assertEquals(
        "unable to determine local machine ID: cannot read " + root.resolve("etc/machine-id"),
        assertThrows(MachineDescription.Unidentified.class, () -> machine("").id()).getMessage());
    for (String text : new String[] {"", " \n", "uninitialized", "a/b"}) {
      write("etc/machine-id", text);
      assertEquals(
          "unable to determine local machine ID: "
              + root.resolve("etc/machine-id")
              + ": expected 32 hexadecimal digits, found \""
              + text.strip()
              + "\"; systemd-machine-id-setup writes it",
          assertThrows(MachineDescription.Unidentified.class, () -> machine("").id()).getMessage());
    }
  }

  @Test
  void whatIsConfiguredIsPublished() throws Exception {
    write("proc/sys/kernel/random/boot_id", "boot-1\n");

    assertEquals(
        new Machine(
            new MachineId(ID), "10.0.0.1", new TreeMap<>(Map.of("disk", "ssd")), "2.0.0", "boot-1"),
        machine("public_ip=10.0.0.1\nmetadata=disk=ssd").describe(new MachineId(ID)));
  }

  /// Others could not use it. The address of another interface is taken, if there is one.
  @Test
  void theLoopbackIsNeverPublished() throws Exception {
    write(
        "proc/net/route",
        """
        Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
        eth9	0002A8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
        lo	00000000	0102A8C0	0003	0	0	0	00000000	0	0	0
        """);

    String address = machine("").describe(new MachineId(ID)).address();

    assertTrue(!address.startsWith("127."), address);
  }
}
