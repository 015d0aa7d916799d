package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.job.describe.DescribedEvaluation;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.OutputKeys;
import io.unroll.job.describe.RootKeys;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code evaluate:}. */
final class EvaluateSection {
  private static final String EVALUATE =
      "a map with output, against and perhaps ahead, from, or a list of such maps";
  private static final String AGAINST = "a feature of the observation, or another field";

  private final Findings findings;
  private final Fields fields;
  private final List<DescribedEvaluation> evaluations = new ArrayList<>();

  EvaluateSection(Findings findings, Fields fields) {
    this.findings = findings;
    this.fields = fields;
  }

  /** Reads what is held against what comes true; each mistake is reported. */
  void read(Section root, Description description) {
    Value value = root.value(RootKeys.EVALUATE);
    if (value == null) {
      return;
    }
    if (!value.isMap() && !value.isList()) {
      value.mistake(EVALUATE);
      return;
    }
    for (Value item : value.oneOrMore(EVALUATE)) {
      if (!item.isMap()) {
        item.mistake("a map with output, against and perhaps ahead, from");
        evaluations.add(new DescribedEvaluation("", "", 1, null)); // has its place, and is wrong
        continue;
      }
      // One map and the maps of a list share one place in the table.
      Section section =
          new Value(findings, item.path(), RootKeys.EVALUATE.path(), item.node()).section();
      if (section != null) {
        add(section);
      }
    }
    description.say(RootKeys.EVALUATE, List.copyOf(evaluations));
  }

  private void add(Section section) {
    String output = section.require(OutputKeys.EVALUATE_OUTPUT);
    Long ahead = section.get(OutputKeys.EVALUATE_AHEAD);
    Value against = section.requireValue(OutputKeys.EVALUATE_AGAINST);
    FieldPath field = against == null ? null : fields.read(against, AGAINST);
    boolean wrong = section.has(OutputKeys.EVALUATE_AHEAD) && ahead == null;
    evaluations.add(
        new DescribedEvaluation(
            output == null ? "" : output,
            field == null ? "" : field.text(),
            wrong ? 1 : OutputKeys.EVALUATE_AHEAD.orStandard(ahead),
            section.get(OutputKeys.EVALUATE_FROM)));
  }
}
