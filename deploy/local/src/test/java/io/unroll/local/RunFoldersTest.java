package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import io.unroll.job.cli.RunFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where pipelines go on from when they join others, part from them, or are killed in between. */
final class RunFoldersTest {
  private static final EarlierRun NOTHING =
      new EarlierRun(Optional.empty(), Set.of("indices", "weather"), Set.of(), Set.of());

  @TempDir private Path folder;
  private PipelineJob weather;
  private PipelineJob indices;
  private PipelineJobs both;

  @BeforeEach
  void load() throws Exception {
    Path examples = Examples.copy(folder.toRealPath());
    weather = PipelineJob.load(examples.resolve("weather.yaml"));
    indices = PipelineJob.load(examples.resolve("indices.yaml"));
    both = new PipelineJobs(List.of(weather, indices));
  }

  private static Path checkpoint(Path checkpoints, String name) throws Exception {
    Path checkpoint = Files.createDirectories(checkpoints.resolve("0001").resolve(name));
    Files.createFile(checkpoint.resolve("_metadata"));
    return checkpoint;
  }

  private static Map<String, Path> unfinished(PipelineJobs jobs) throws Exception {
    return RunFolders.look(jobs).unfinished();
  }

  private static EarlierRun from(Path checkpoint, String... starting) {
    return new EarlierRun(Optional.of(checkpoint), Set.of(starting), Set.of(), Set.of());
  }

  @Test
  void untilTheFirstCheckpointTheOneThatItBeganWithCounts() throws Exception {
    PipelineJobs alone = PipelineJobs.of(weather);
    Path first;
    try (RunFolders folders = RunFolders.open(alone)) {
      folders.clear();
      folders.remember(alone, NOTHING);
      first = checkpoint(folders.checkpoints(), "chk-1");
    }
    assertEquals(Map.of("weather", first), unfinished(both));
    Path second;
    try (RunFolders folders = RunFolders.open(both)) {
      folders.remember(both, from(first, "indices"));
      assertThrows(RunFailedException.class, () -> RunFolders.open(alone), "it runs beside one");
    }
    assertEquals(Map.of("weather", first), unfinished(both), "killed before its checkpoint");
    try (RunFolders folders = RunFolders.open(both)) {
      folders.remember(both, from(first, "indices"));
      second = checkpoint(folders.checkpoints(), "chk-2");
    }
    assertEquals(Map.of("weather", second, "indices", second), unfinished(both));
    assertEquals(Map.of("weather", second), unfinished(alone));

    try (RunFolders folders = RunFolders.open(alone)) { // one goes on by itself
      folders.remember(alone, from(second));
    }
    assertEquals(Map.of("weather", second), unfinished(alone));
    try (RunFolders folders = RunFolders.open(alone)) {
      folders.remember(alone, from(second));
      Path third = checkpoint(folders.checkpoints(), "chk-3");
      assertEquals(Map.of("weather", third, "indices", second), folders(both));
      folders.finish();
    }
    assertEquals(Map.of("indices", second), unfinished(both), "nothing of the first is left");
  }

  /** Without a lock: they are held. */
  private static Map<String, Path> folders(PipelineJobs jobs) throws Exception {
    Map<String, Path> all = new TreeMap<>();
    for (PipelineJob job : jobs.all()) {
      String name = job.pipeline().name();
      RunFolder.unlocked(job.pipeline().directory(), name)
          .checkpoint()
          .ifPresent(path -> all.put(name, path));
    }
    return all;
  }

  @Test
  void aStartFromNothingForgetsEverything() throws Exception {
    try (RunFolders folders = RunFolders.open(PipelineJobs.of(weather))) {
      checkpoint(folders.checkpoints(), "chk-1");
    }
    try (RunFolders folders = RunFolders.open(both)) {
      folders.clear();
      folders.remember(both, NOTHING);
    }
    assertEquals(Map.of(), unfinished(both));
    try (RunFolders folders = RunFolders.open(both)) {
      checkpoint(folders.checkpoints(), "chk-2");
    }
    assertEquals(Set.of("indices", "weather"), unfinished(both).keySet());
    try (RunFolders folders = RunFolders.open(both)) {
      folders.finish();
    }
    assertEquals(Map.of(), unfinished(both));
  }
}
