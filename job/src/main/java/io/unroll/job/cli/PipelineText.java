package io.unroll.job.cli;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ObservationFields.Marker;
import io.unroll.job.PipelineJob;
import io.unroll.job.describe.Checks;
import io.unroll.job.describe.DescribedEvaluation;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.Durations;
import io.unroll.job.describe.GapKeys;
import io.unroll.job.describe.ModelKeys;
import io.unroll.job.describe.ObservationKeys;
import io.unroll.job.describe.RootKeys;
import io.unroll.job.describe.SequenceKeys;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Evaluate;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.Transform;
import io.unroll.job.life.Tuning;
import io.unroll.job.life.Unscale;
import io.unroll.job.pipeline.FeatureField;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.model.RecurrentModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/** A pipeline in words, as it was understood. */
final class PipelineText {
  private static final Duration EMBEDDED_INTERVAL = Duration.ofSeconds(10);

  private PipelineText() {}

  static String of(PipelineJob job) {
    Pipeline pipeline = job.pipeline();
    List<String> lines = new ArrayList<>();
    add(lines, "pipeline", pipeline.name());
    add(lines, "source", source(pipeline.source()));
    add(
        lines,
        "timestamps",
        pipeline.observation().timestamp().field()
            + ", between "
            + pipeline.source().bounds().from()
            + " and "
            + pipeline.source().bounds().to());
    add(
        lines,
        "series",
        pipeline.observation().series().stream()
            .map(Object::toString)
            .collect(Collectors.joining(" | ")));
    add(
        lines,
        "features",
        pipeline.observation().features().stream()
            .map(PipelineText::feature)
            .collect(Collectors.joining(", ")));
    add(lines, "served", served(job));
    if (job.decoding() != null && job.decoder() != null) {
      DecoderText.add(lines, pipeline, job.decoding(), job.decoder(), job.served());
    }
    addStart(lines, job);
    add(lines, "kernel", job.served().kernel());
    add(lines, "batches", batches(job));
    add(lines, "state", SlotMemory.state(job));
    add(
        lines,
        "parallelism",
        SlotMemory.parallelism(job, Runtime.getRuntime().availableProcessors()));
    add(lines, "named by", namedBy(pipeline.sequence()));
    add(lines, "closes by", job.isAlone() ? "each observation by itself" : closes(pipeline));
    add(lines, "order", order(pipeline));
    Description description = pipeline.description();
    FieldPath identity = pipeline.observation().identity();
    Duration kept = description.get(SequenceKeys.KEEP_SERIES_FOR);
    if (identity != null && kept != null) {
      add(
          lines,
          "duplicates",
          "by "
              + identity
              + " among the last "
              + description.of(ObservationKeys.DEDUPLICATE_WINDOW)
              + ", remembered for "
              + words(kept));
    } else if (kept != null) {
      add(lines, "remembers", "a series for " + words(kept));
    }
    if (description.says(GapKeys.EXPECT)) {
      add(lines, "gaps", gap(description));
    }
    add(lines, "outputs", outputs(job));
    add(lines, "emits", emits(pipeline));
    if (job.sequences().output().warmUp() > 0) {
      add(
          lines,
          "warms up",
          "over the first "
              + count(job.sequences().output().warmUp(), "step")
              + " of a sequence, whose predictions are marked");
    }
    List<DescribedEvaluation> evaluations = description.get(RootKeys.EVALUATE);
    for (int i = 0; evaluations != null && i < evaluations.size(); i++) {
      add(lines, "evaluates", evaluates(evaluations.get(i), i, job));
    }
    addOutput(lines, "predictions", pipeline.sink().predictions());
    addOutput(lines, "sequences", pipeline.sink().sequences());
    addOutput(lines, "evaluations", pipeline.sink().evaluations());
    addOutput(lines, "rejected", pipeline.sink().rejected());
    addOutput(lines, "late", pipeline.sink().late());
    addNowhere(lines, pipeline.sink());
    add(lines, "visible", visible(pipeline));
    return String.join(System.lineSeparator(), lines);
  }

  private static String source(Pipeline.Source source) {
    String format = source.format().inWords();
    if (source.input() instanceof Pipeline.KafkaInput kafka) {
      return "topics "
          + String.join(", ", kafka.topics())
          + ", "
          + format
          + ", from "
          + kafka.start().name().toLowerCase(Locale.ROOT)
          + ", group "
          + kafka.groupId()
          + (source.maxDrift() == null
              ? ""
              : ", partitions at most " + words(source.maxDrift()) + " ahead of the slowest")
          + (source.advanceWhenIdle()
              ? ", event time goes on with the wall clock when all are silent"
              : "");
    }
    return "file " + ((Pipeline.FileInput) source.input()).path() + ", " + format + ", bounded";
  }

  private static String feature(FeatureField field) {
    Feature feature = field.feature();
    if (feature.source() instanceof Feature.Source.Clock clock) {
      return clock.calendar().cycle().label() + " in " + clock.calendar().zone();
    }
    if (feature.source() instanceof Feature.Source.TimeDelta delta) {
      return "time since the step before in " + words(delta.unitMillis()).substring(2);
    }
    Transform transform = feature.transform();
    return (transform.equals(Transform.NONE)
            ? ""
            : transform.times() + " x " + transform.kind().label() + " of ")
        + field.field()
        + (field.as() == null ? "" : " as " + field.as())
        + switch (feature.missing().kind()) {
          case REJECT -> "";
          case PREVIOUS -> " (missing: previous)";
          case MASK -> " (missing: mask)";
          case VALUE -> " (missing: " + feature.missing().value() + ")";
        }
        + scale(field);
  }

  private static String scale(FeatureField field) {
    Scale scale = field.feature().scale();
    if (scale instanceof Scale.Constant constant) {
      return " (scaled: mean " + constant.norm().mean() + ", std " + constant.norm().std() + ")";
    }
    if (scale instanceof Scale.Table table) {
      return " (scaled: "
          + field.table()
          + ": "
          + table.bySeries().size()
          + " series"
          + (table.standard() == null ? "" : ", default")
          + ")";
    }
    if (scale instanceof Scale.Online online) {
      return online.halfLife() == Scale.Online.FOREVER
          ? " (scaled online)"
          : " (scaled online, half-life " + online.halfLife() + ")";
    }
    return "";
  }

  /** Where sequences start, if not as the model says. */
  private static void addStart(List<String> lines, PipelineJob job) {
    Description description = job.pipeline().description();
    Map<String, List<Float>> states = description.get(ModelKeys.INITIAL_STATES);
    if (Boolean.TRUE.equals(description.get(ModelKeys.INITIAL_STATE))) {
      add(lines, "starts from", "zero");
    } else if (states != null) {
      add(
          lines,
          "starts from",
          states.entrySet().stream()
              .map(e -> e.getKey() + " of " + count(e.getValue().size(), "number"))
              .collect(Collectors.joining(", ")));
    }
  }

  private static String evaluates(DescribedEvaluation evaluation, int index, PipelineJob job) {
    Evaluate told = job.sequences().output().evaluations().get(index);
    boolean seen = told.feature() < job.pipeline().observation().features().size();
    return evaluation.output()
        + " against "
        + evaluation.against()
        + (!seen ? ", which the model does not see" : told.raw() ? "" : ", as the model sees it")
        + ", "
        + (job.decoding() == null
            ? count(told.ahead(), "observation") + " ahead"
            : "at step " + told.ahead() + " of the decoder")
        + (evaluation.from() == null ? "" : ", from " + evaluation.from());
  }

  private static String count(int count, String noun) {
    return Counted.of(count, noun);
  }

  /** {@code temp_max, close (unscaled to close), q05 (quantile 0.05)}. */
  private static String named(PipelineJob job) {
    Map<Integer, Integer> units =
        job.sequences().output().unscaled().stream()
            .collect(Collectors.toMap(Unscale::output, Unscale::feature));
    Map<String, Double> quantiles = job.pipeline().description().get(ModelKeys.QUANTILE);
    List<String> named = new ArrayList<>();
    for (int i = 0; i < job.outputNames().size(); i++) {
      String name = job.outputNames().get(i);
      List<String> notes = new ArrayList<>();
      Integer unit = units.get(i);
      if (unit != null) {
        notes.add("in the unit of " + job.pipeline().observation().features().get(unit).field());
      }
      if (quantiles != null && quantiles.containsKey(name)) {
        notes.add("quantile " + quantiles.get(name));
      }
      named.add(notes.isEmpty() ? name : name + " (" + String.join(", ", notes) + ")");
    }
    return String.join(", ", named);
  }

  private static String outputs(PipelineJob job) {
    String names = named(job);
    return switch (job.outputFields().kind()) {
      case NAMED -> names;
      case TOKEN -> "the token and its score";
      case LABELS -> "the label of the largest output and its score, of " + names;
      case TOKEN_LABEL -> "the token's label and its score, of " + names;
    };
  }

  private static String served(PipelineJob job) {
    if (job.isAlone()) {
      return "a decoder for each observation, no state per series";
    }
    return Serving.of(job.sequences().window())
        + ", "
        + bytes(job.served())
        + " of state per series";
  }

  /** {@code 1 024 bytes}. */
  static String bytes(RecurrentModel model) {
    return String.format(Locale.ROOT, "%,d", model.stateLayout().bytes()).replace(',', ' ')
        + " bytes";
  }

  private static String batches(PipelineJob job) {
    Tuning tuning = job.sequences().tuning();
    int rows = tuning.rows(job.served());
    int size = tuning.batchSize();
    if (size == 1) {
      return "none: each observation at once";
    }
    return "of at most "
        + rows
        + " series"
        + (rows < size
            ? " instead of " + size + ", because a batch works on at most 64 MiB of state"
            : "")
        + ", which wait at most "
        + words(tuning.batchDelayMillis());
  }

  private static String closes(Pipeline pipeline) {
    List<String> ways = new ArrayList<>();
    Marker end = pipeline.observation().end();
    Marker start = pipeline.observation().start();
    FieldPath by = pipeline.sequence().by();
    Boundaries limits = pipeline.boundaries();
    if (end != null) {
      ways.add("end marker in " + marker(end));
    }
    if (start != null) {
      ways.add("start marker in " + marker(start));
    }
    if (by != null) {
      ways.add("another value in " + by);
    }
    ways.addAll(limitsOfTime(limits));
    Long filled = pipeline.description().get(GapKeys.AT_MOST);
    if (filled != null) {
      ways.add("a gap wider than " + filled + (filled == 1 ? " step" : " steps"));
    }
    if (limits.maxSteps() != Boundaries.NO_LIMIT) {
      ways.add("max-steps " + limits.maxSteps());
    }
    if (!(pipeline.source().input() instanceof Pipeline.KafkaInput kafka) || kafka.bounded()) {
      ways.add("end of input");
    }
    return ways.isEmpty() ? "nothing but a stop with --drain" : String.join(", ", ways);
  }

  private static String marker(Marker marker) {
    return marker.field()
        + (marker.in().isEmpty() ? "" : " (" + String.join(" or ", marker.in()) + ")");
  }

  private static List<String> limitsOfTime(Boundaries limits) {
    String clock = limits.clock() == SequenceClock.PROCESSING ? " by the wall clock" : "";
    List<String> words = new ArrayList<>();
    if (limits.idleTimeoutMillis() != Boundaries.NO_TIMEOUT) {
      words.add("idle-timeout " + words(limits.idleTimeoutMillis()) + clock);
    }
    if (limits.maxDurationMillis() != Boundaries.NO_TIMEOUT) {
      words.add("max-duration " + words(limits.maxDurationMillis()) + clock);
    }
    CloseAt closeAt = limits.closeAt();
    if (closeAt != null) {
      words.add(closeAt(closeAt) + clock);
    }
    return words;
  }

  private static String closeAt(CloseAt closeAt) {
    return "close-at "
        + closeAt.time()
        + " "
        + closeAt.zone()
        + (closeAt.margin().isZero() ? "" : " with a margin of " + words(closeAt.margin()))
        + (closeAt.inclusive() ? ", inclusive" : "");
  }

  private static String gap(Description description) {
    Map<String, String> feedback = description.get(GapKeys.FEEDBACK);
    String seen =
        feedback == null
            ? "the inputs before"
            : feedback.entrySet().stream()
                .map(fed -> fed.getValue() + " fed back to " + fed.getKey())
                .collect(Collectors.joining(", "));
    return "of steps expected every "
        + words(description.of(GapKeys.EXPECT))
        + ", at most "
        + description.of(GapKeys.AT_MOST)
        + " filled with "
        + seen;
  }

  private static String namedBy(Pipeline.Sequence sequence) {
    return sequence.by() == null ? "first timestamp" : sequence.by().toString();
  }

  private static String order(Pipeline pipeline) {
    return switch (pipeline.order()) {
      case ARRIVAL -> "of arrival";
      case EVENT_TIME ->
          "by timestamp, held back for "
              + words(Objects.requireNonNullElse(pipeline.sequence().maxDelay(), Duration.ZERO));
    };
  }

  private static String emits(Pipeline pipeline) {
    long every = pipeline.emission().every();
    long least = pipeline.boundaries().minSteps();
    if (Checks.isAlone(pipeline.description())) {
      return "what is decoded, after every observation";
    }
    String what =
        !pipeline.description().says(ModelKeys.DECODER)
            ? ""
            : pipeline.emission().on() == Emit.STEP ? "a forecast " : "what is decoded, ";
    return what
        + switch (pipeline.emission().on()) {
          case STEP ->
              every == 1 ? "after every step" : "after every " + every + " steps of a sequence";
          case END ->
              "when a sequence closes"
                  + (least == 0 ? "" : " that has at least " + least + " steps");
        };
  }

  /** {@code 7 d}, as the pipeline file writes it. */
  static String words(Duration duration) {
    return Durations.words(duration.toMillis());
  }

  static String words(long millis) {
    return Durations.words(millis);
  }

  private static String visible(Pipeline pipeline) {
    String interval =
        Configuration.fromMap(pipeline.flink())
            .getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL)
            .map(PipelineText::words)
            .orElse(words(EMBEDDED_INTERVAL) + " in an embedded run; a cluster has its own");
    String atCheckpoints =
        "at each checkpoint (every " + interval + ") and at the end of the input";
    boolean kafka = pipeline.sink().predictions() instanceof Pipeline.KafkaOutput;
    return switch (pipeline.sink().delivery()) {
      case EXACTLY_ONCE ->
          "exactly once, "
              + atCheckpoints
              + (kafka ? ", to consumers with isolation.level=read_committed" : "");
      case AT_LEAST_ONCE ->
          kafka
              ? "topics at once, records may come twice after a failure; files " + atCheckpoints
              : atCheckpoints;
    };
  }

  private static void addOutput(List<String> lines, String name, Pipeline.@Nullable Output output) {
    if (output instanceof Pipeline.FileOutput file) {
      add(lines, "  " + name, "folder " + file.path());
    } else if (output instanceof Pipeline.KafkaOutput kafka) {
      add(lines, "  " + name, "topic " + kafka.topic());
    }
  }

  /** What has no output of its own. */
  private static void addNowhere(List<String> lines, Pipeline.Sink sink) {
    List<String> missing = new ArrayList<>();
    if (sink.rejected() == null) {
      missing.add("rejected");
    }
    if (sink.late() == null) {
      missing.add("late");
    }
    if (!missing.isEmpty()) {
      add(
          lines,
          "  nowhere",
          "records that are "
              + String.join(" or ", missing)
              + ", which are only counted (no sink."
              + String.join(", no sink.", missing)
              + ")");
    }
  }

  static void add(List<String> lines, String name, String value) {
    lines.add(String.format("%-13s %s", name, value));
  }
}
