package io.unroll.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the records of a {@link RandomPipeline} are written as CSV. */
final class RandomCsv {
  /** Under {@code source.format.csv}; empty for plain {@code format: csv}. */
  private final Map<String, Object> settings = new LinkedHashMap<>();

  private final List<String> columns;
  private final boolean ofKafka;
  private String delimiter = ",";
  private String quote = "\"";
  private String decimal = ".";
  private int skip;
  private boolean comment;
  private Charset charset = UTF_8;

  /** {@code columns}: their names, which are still to be drawn. */
  RandomCsv(Random random, boolean ofKafka, List<String> columns) {
    this.columns = columns;
    this.ofKafka = ofKafka;
    if (random.nextBoolean()) {
      return;
    }
    String sign = one(random, ";", "|", "tab", "blanks", ",");
    delimiter = sign.equals("tab") ? "\t" : sign.equals("blanks") ? "  " : sign;
    settings.put("delimiter", sign);
    if (random.nextInt(3) == 0) {
      quote = sign.equals("|") ? "" : "'";
      settings.put("quote", quote.isEmpty() ? "none" : quote);
    }
    if (random.nextInt(3) == 0 && !quote.isEmpty()) {
      decimal = ",";
      settings.put("decimal", decimal);
    }
    if (random.nextInt(3) == 0 && !quote.isEmpty() && !decimal.equals(",")) {
      settings.put("thousands", quote.equals("'") ? " " : "'");
    }
    if (random.nextInt(3) == 0) {
      settings.put("trim", random.nextBoolean());
    }
    if (random.nextInt(3) == 0) {
      charset = Charset.forName("windows-1252");
      settings.put("encoding", charset.name());
    }
    String header = one(random, "line", "none", "names");
    if (!header.equals("line")) {
      settings.put("header", header.equals("none") ? false : columns);
    }
    if (!ofKafka) {
      skip = random.nextInt(3);
      settings.put("skip", skip);
      comment = random.nextBoolean();
      if (comment) {
        settings.put("comment", "#");
      }
    }
  }

  private static String one(Random random, String... some) {
    return some[random.nextInt(some.length)];
  }

  /** What stands under {@code source.format}. */
  Object format() {
    return settings.isEmpty() ? "csv" : Map.of("csv", settings);
  }

  /** The path of the column that was named last. */
  String lastColumn() {
    boolean named =
        settings.get("header") instanceof List || (!ofKafka && !settings.containsKey("header"));
    return named ? columns.get(columns.size() - 1) : "/" + (columns.size() - 1);
  }

  byte[] bytes(String text) {
    return text.getBytes(charset);
  }

  String line(Collection<@Nullable Object> values) {
    String line = values.stream().map(this::text).collect(Collectors.joining(delimiter));
    return line.isBlank() ? "?" : line;
  }

  private String text(@Nullable Object value) {
    String text =
        value instanceof Double || value instanceof java.math.BigDecimal
            ? value.toString().replace(".", decimal)
            : value == null ? "" : value.toString();
    boolean blanks = delimiter.isBlank() && !delimiter.equals("\t");
    boolean special = blanks ? text.isEmpty() || text.matches(".*\\s.*") : text.contains(delimiter);
    return !quote.isEmpty() && (special || text.contains(quote))
        ? quote + text.replace(quote, quote + quote) + quote
        : text;
  }

  /** What stands above the records of a file. */
  byte[] top() {
    ByteArrayOutputStream top = new ByteArrayOutputStream();
    for (int i = 0; i < skip; i++) {
      top.writeBytes(bytes("of " + i + ",\"nobody\n"));
    }
    if (comment) {
      top.writeBytes(bytes("\n# by nobody\n"));
    }
    if (!settings.containsKey("header")) {
      top.writeBytes(bytes(String.join(delimiter, columns) + "\n"));
    }
    return top.toByteArray();
  }
}
