package io.unroll.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run of {@code deploy/bench} found: tables for people, ratios for scripts, all as JSON. */
public final class Report {
  private final String name;
  private final Machine machine;
  private final List<String> caveats = new ArrayList<>();
  private final List<TextTable> tables = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Ratio> ratios = new LinkedHashMap<>();
  private final Map<String, Map<String, List<Double>>> measured = new LinkedHashMap<>();
  private final Map<String, String> failures = new LinkedHashMap<>();

  private record Ratio(double value, Samples rounds) {}

  public Report(String name, Machine machine) {
    this.name = name;
    this.machine = machine;
  }

  /** A line above the tables: what whoever reads them must know first. */
  public void caveat(String line) {
    caveats.add(line);
  }

  /** Adds a table, unless it has no rows. */
  public void table(TextTable table) {
    if (!table.rows().isEmpty()) {
      tables.add(table);
    }
  }

  /** A line under the tables. */
  public void note(String line) {
    notes.add(line);
  }

  /** {@code numerator ÷ denominator} of medians; their forks were run in alternation. */
  public void ratio(String ratio, Samples numerator, Samples denominator) {
    List<Double> each = new ArrayList<>();
    int rounds = Math.min(numerator.values().size(), denominator.values().size());
    for (int i = 0; i < rounds; i++) {
      each.add(numerator.values().get(i) / denominator.values().get(i));
    }
    ratio(ratio, numerator.median() / denominator.median(), new Samples(each));
  }

  /**
   * A ratio, or a figure that has a bound.
   *
   * @param spread the same of each round alone, one fork of each row
   */
  public void ratio(String ratio, double value, Samples spread) {
    ratios.put(Target.of(ratio).ratio(), new Ratio(value, spread));
  }

  /** Everything that a measurement said. */
  public void measured(String row, Map<String, List<Double>> figures) {
    measured.put(row, figures);
  }

  /** A measurement that failed. */
  public void failed(String row, String why) {
    failures.put(row, why);
  }

  public Map<String, Double> ratios() {
    Map<String, Double> values = new LinkedHashMap<>();
    ratios.forEach((ratio, found) -> values.put(ratio, found.value()));
    return values;
  }

  /** The report as text; the lines {@code ratio NAME VALUE} come last. */
  public void print(PrintWriter out) {
    out.print(machine.text());
    caveats.forEach(out::println);
    for (TextTable table : tables) {
      out.println();
      out.print(table.text());
    }
    if (!notes.isEmpty() || !failures.isEmpty()) {
      out.println();
    }
    notes.forEach(out::println);
    failures.forEach((row, why) -> out.println("failed " + row + ": " + why));
    if (!ratios.isEmpty()) {
      out.println();
      out.print(bounds().text());
      out.println();
      ratios()
          .forEach((ratio, value) -> out.println("ratio " + ratio + " " + Numbers.ratio(value)));
    }
    out.flush();
  }

  private TextTable bounds() {
    TextTable table =
        new TextTable(
            "bounds", List.of("ratio", "value", "rounds", "forks", "must", "aim", "reached"));
    ratios.forEach(
        (ratio, found) -> {
          Target target = Target.of(ratio);
          Samples rounds = found.rounds();
          String sign = target.atMost() ? "<= " : ">= ";
          table.row(
              List.of(
                  ratio,
                  Numbers.ratio(found.value()),
                  Numbers.ratio(rounds.min()) + "-" + Numbers.ratio(rounds.max()),
                  String.valueOf(rounds.values().size()),
                  sign + number(target.must()),
                  sign + number(target.aim()),
                  target.reached(found.value()) ? "yes" : "no"));
        });
    return table;
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.valueOf(value);
  }

  /** The report as a JSON object with machine, caveats, ratios, tables, measured and failed. */
  public String json() throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", name);
    json.put("machine", machine.facts());
    json.put("caveats", caveats);
    json.put("ratios", ratios());
    List<Object> texts = new ArrayList<>();
    for (TextTable table : tables) {
      Map<String, Object> text = new LinkedHashMap<>();
      text.put("title", table.title());
      text.put("columns", table.columns());
      text.put("rows", table.rows());
      texts.add(text);
    }
    json.put("tables", texts);
    json.put("notes", notes);
    json.put("measured", measured);
    json.put("failed", failures);
    return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json);
  }

  /** Writes {@link #json} to a file; its folder is made. */
  public void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, json() + "\n");
  }
}
