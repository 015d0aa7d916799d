package io.unroll.job.pipeline;

import java.io.Serializable;

/**
 * One mistake or warning in a pipeline file.
 *
 * @param file as the user named it
 * @param line from 1; 0 when the file as a whole is meant
 * @param column from 1; 0 when the file as a whole is meant
 * @param key the key's full path, for example {@code source.kafka.topics}; empty for none
 * @param text what was found and what was expected
 */
public record Problem(String file, int line, int column, String key, String text)
    implements Serializable {

  /** One line: {@code weather.yaml:7:3 sink.format: found 'jsno', expected one of csv, json}. */
  @Override
  public String toString() {
    String place = line == 0 ? file : file + ":" + line + ":" + column;
    return key.isEmpty() ? place + ": " + text : place + " " + key + ": " + text;
  }
}
