package fleet.ctl.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fleet.ctl.ssh.LocalMachine.NoSuchProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real programs. That they end when fleetctl is ended is shown on real machines.
@Timeout(300)
class ThisMachineTest {

  private final ThisMachine machine = new ThisMachine();

  @Test
  void itIsWhoItsFileSays() throws Exception {
    Path file = Path.of("/etc/machine-id");

    assertEquals(Files.exists(file) ? Files.readString(file).strip() : "", machine.id());
  }

  @Test
  void aProgramsExitStatusIsPassedOn() throws Exception {
    assertEquals(3, machine.run(List.of("sh", "-c", "exit 3")));
    assertEquals(128 + 9, machine.run(List.of("sh", "-c", "kill -KILL $$")));
  }

  @Test
  void whatAStartedProgramPrintsIsReadLineByLine() {
    try (var program = machine.start(List.of("sh", "-c", "echo one; echo two; exit 4"))) {
      assertEquals(Optional.of("one"), program.nextLine());
      assertEquals(Optional.of("two"), program.nextLine());
      assertEquals(Optional.empty(), program.nextLine());
      assertEquals(4, program.status());
    }
  }

  @Test
  void theShellOfAProgramIsOneThatUnderstandsUs() {
    try (var program = machine.start(List.of("printenv", "SHELL"))) {
      assertEquals(Optional.of("/bin/sh"), program.nextLine());
    }
  }

  @Test
  void aStartedProgramEndsWhenItIsClosed() throws Exception {
    String pid;
    try (var program = machine.start(List.of("sh", "-c", "echo $$; exec sleep 1000"))) {
      pid = program.nextLine().orElseThrow();
      assertTrue(ProcessHandle.of(Long.parseLong(pid)).isPresent());
    }

    assertFalse(ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isPresent());
  }

  @Test
  void aProgramThatThereIsNotIsNamed() {
    assertEquals(
        "cannot run \"no-such-program\": is it installed, and in PATH?",
        assertThrows(NoSuchProgram.class, () -> machine.run(List.of("no-such-program")))
            .getMessage());
  }

  @Test
  void itsFolderIsForThisUserAlone() throws Exception {
    Path folder = machine.folder();

    assertEquals(folder, machine.folder());
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
  }
}
