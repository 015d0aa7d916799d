package io.unroll.bench.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForkFolderTest {
  @TempDir private Path logs;

  @Test
  void whatAKilledForkLeftIsDeletedAndNothingElse() throws Exception {
    Process killed = new ProcessBuilder("true").start();
    killed.waitFor();
    for (Path folder :
        List.of(
            Path.of("job", "checkpoints-" + killed.pid(), "chk-3"),
            Path.of("checkpoints-" + killed.pid()),
            Path.of("job").resolve(ForkFolder.ofThisJvm(Path.of(""))),
            Path.of("job", "checkpoints-old"),
            Path.of("job", "deeper", "checkpoints-" + killed.pid()))) {
      Files.createDirectories(logs.resolve(folder));
      Files.writeString(logs.resolve(folder).resolve("file"), "");
    }
    ForkFolder.clearDead(logs);
    ForkFolder.clearDead(logs.resolve("none"));
    try (Stream<Path> left = Files.walk(logs)) {
      assertEquals(
          Stream.of(
                  ForkFolder.ofThisJvm(logs.resolve("job")).resolve("file"),
                  logs.resolve("job/checkpoints-old/file"),
                  logs.resolve("job/deeper/checkpoints-" + killed.pid() + "/file"))
              .sorted()
              .toList(),
          left.filter(Files::isRegularFile).sorted().toList());
    }
  }
}
