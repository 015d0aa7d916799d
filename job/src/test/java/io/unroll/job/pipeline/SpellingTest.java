package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.describe.Spelling;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SpellingTest {
  @Test
  void countsInsertionsDeletionsChangesAndSwaps() {
    assertEquals(0, Spelling.distance("topic", "topic"));
    assertEquals(1, Spelling.distance("topc", "topic"));
    assertEquals(1, Spelling.distance("topiic", "topic"));
    assertEquals(1, Spelling.distance("topik", "topic"));
    assertEquals(1, Spelling.distance("toipc", "topic"));
    assertEquals(3, Spelling.distance("kitten", "sitting"));
    assertEquals(5, Spelling.distance("", "topic"));
  }

  @Test
  void findsTheNearestThatIsNearEnough() {
    List<String> words = List.of("delivery", "format", "late", "predictions", "max-steps");
    assertEquals("delivery", Spelling.closest("delivry", words));
    assertEquals("late", Spelling.closest("lat", words));
    assertEquals("max-steps", Spelling.closest("MAX_STEPS", words));
    assertNull(Spelling.closest("lamp", words));
    assertNull(Spelling.closest("x".repeat(100_000), words));
  }

  @Test
  void wordsOfTheFieldLeadToKeys() {
    assertEquals(List.of("observation.series"), PipelineKeys.suggestions("observation", "key"));
    assertEquals(List.of("observation.timestamp"), PipelineKeys.suggestions("observation", "time"));
    assertEquals(
        List.of("observation.timestamp"), PipelineKeys.suggestions("observation", "event_time"));
    assertEquals(List.of("model.onnx"), PipelineKeys.suggestions("model", "path"));
    assertEquals(List.of("source.file.path"), PipelineKeys.suggestions("source", "path"));
    assertEquals(List.of("sequence.idle-timeout"), PipelineKeys.suggestions("sequence", "timeout"));
    assertEquals(
        List.of("sequence.idle-timeout", "sequence.keep-series-for"),
        PipelineKeys.suggestions("state", "ttl"));
    assertEquals(
        List.of("source.watermark.out-of-order"), PipelineKeys.suggestions("source", "lateness"));
    assertEquals(
        List.of("source.watermark.out-of-order"), PipelineKeys.suggestions("source", "lag"));
    assertEquals(
        List.of("source.watermark.idle-after"), PipelineKeys.suggestions("source", "idle"));
    assertEquals(List.of("source.watermark"), PipelineKeys.suggestions("sequence", "watermark"));
    assertEquals(List.of("sequence.idle-timeout"), PipelineKeys.suggestions("sequence", "idle"));
    assertEquals(List.of("sequence.max-delay"), PipelineKeys.suggestions("sequence", "lag"));
    assertEquals(List.of("sequence.window"), PipelineKeys.suggestions("model", "window"));
    assertEquals(List.of("source.kafka.topics"), PipelineKeys.suggestions("source", "topic"));
  }

  @Test
  void everySynonymIsOfAKeyAndIsNoneItself() {
    List<String> keys = PipelineKeys.all().stream().map(key -> key.path()).toList();
    Synonyms.ALL.forEach(
        (word, meant) -> {
          assertEquals(word, word.toLowerCase(java.util.Locale.ROOT));
          meant.forEach(key -> assertTrue(keys.contains(key), word + " -> " + key));
        });
  }

  @Test
  void zonesByTheirAbbreviations() {
    assertEquals("America/New_York", Spelling.zone("EST"));
    assertEquals("Europe/Berlin", Spelling.zone("cest"));
    assertEquals("Europe/Berlin", Spelling.zone("Europe/Berlni"));
    assertNull(Spelling.zone("XST"));
  }
}
