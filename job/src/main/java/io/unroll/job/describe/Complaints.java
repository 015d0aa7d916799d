package io.unroll.job.describe;

/** Takes what a check finds. Each door says it in its own way: with lines, or all in one error. */
public interface Complaints {
  /**
   * Something that cannot be run.
   *
   * @param key the full path of the key that it is about, for example {@code sequence.max-steps}
   * @param text what was found and what was expected
   */
  void mistake(String key, String text);

  /** Something that runs but may surprise. */
  void warning(String key, String text);

  /** True if something in or under the key is wrong already. */
  boolean isWrong(String key);

  /** The first of {@code keys} that was written, else the first. */
  default String written(String... keys) {
    return keys[0];
  }

  /** How to say that a field is what the model calls otherwise. */
  default String howToName(String field, String name) {
    return "say so: {field: " + Found.yaml(field) + ", as: " + Found.yaml(name) + "}";
  }

  /** True if the description says something of a key, be it wrong. */
  default boolean isSaid(Description description, Key<?> key) {
    return description.says(key) || isWrong(key.path());
  }
}
