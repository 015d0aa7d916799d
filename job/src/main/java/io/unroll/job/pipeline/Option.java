package io.unroll.job.pipeline;

/**
 * One key of the pipeline file.
 *
 * @param section the path of the map that it stands in; empty for the file itself; {@code OUTPUT}
 *     stands for predictions, sequences, evaluations, rejected and late, {@code []} for the items
 *     of a list
 * @param key its name; {@code *} for any name
 * @param type what it takes, in words
 * @param standard its default as the file would write it, {@code required}, or empty for none
 * @param meaning one line
 */
public record Option(String section, String key, String type, String standard, String meaning) {

  /** The full path: {@code source.kafka.topics}. */
  public String path() {
    return section.isEmpty() ? key : section + "." + key;
  }
}
