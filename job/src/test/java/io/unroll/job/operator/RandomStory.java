package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Rejected;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Calendar;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Evaluate;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Gap;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Norm;
import io.unroll.job.life.Order;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.SeriesMemory;
import io.unroll.job.life.Transform;
import io.unroll.job.life.Unscale;
import io.unroll.model.unroll.DecoderRules;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Any configuration, and what happens to a job of it: observations of many series with all that can
 * be wrong with them, idle partitions, watermarks, time that passes, checkpoints, other
 * parallelisms, crashes.
 */
record RandomStory(SequenceConfig config, List<Event> events) {
  static final List<String> SERIES = List.of("A", "B", "C", "D", "E", "F");

  private static final int PARTITIONS = 2;
  private static final int STEPS = 60;

  sealed interface Event {}

  record Observe(Observation observation) implements Event {
    /** What one operator does with it shows to no other one. */
    Observation copy() {
      return RandomStory.copy(observation);
    }
  }

  record Watermark(long timestamp) implements Event {}

  /** By the wall clock. */
  record Pass(long millis) implements Event {}

  /**
   * A checkpoint.
   *
   * @param restart true if the job goes on from it, on the next parallelism
   */
  record Checkpoint(boolean restart) implements Event {}

  /** The job goes on from the last checkpoint; what came since comes again. */
  record Crash() implements Event {}

  static RandomStory of(Random random) {
    SequenceConfig config = config(random);
    return new RandomStory(config, new Teller(config, random).tell());
  }

  RandomStory on(String kernel) {
    return new RandomStory(config.with(config.tuning().withKernel(kernel)), events);
  }

  long inputs() {
    return events.stream().filter(Observe.class::isInstance).count();
  }

  /** True if there are watermarks, and every observation is newer than those before it. */
  boolean isPrompt() {
    long watermark = Long.MIN_VALUE;
    for (Event event : events) {
      if (event instanceof Watermark passed) {
        watermark = passed.timestamp();
      } else if (event instanceof Observe observe
          && observe.observation().rejected == null
          && observe.observation().timestamp <= watermark) {
        return false;
      }
    }
    return watermark != Long.MIN_VALUE;
  }

  // ---- configurations ----

  private static SequenceConfig config(Random random) {
    if (random.nextInt(15) == 0) {
      return alone(random);
    }
    boolean overflows = random.nextInt(5) == 0;
    List<Feature> features = features(overflows ? 4 : 3, random);
    Boundaries boundaries = Boundaries.NONE;
    if (random.nextInt(4) != 0) {
      boundaries = boundaries.withIdleTimeout(1000);
    }
    if (random.nextInt(3) == 0) {
      boundaries = boundaries.withMaxDuration(500 + random.nextInt(1500));
    }
    if (random.nextInt(3) == 0) {
      boundaries =
          boundaries.withCloseAt(
              new CloseAt(
                  LocalTime.ofSecondOfDay(random.nextInt(60)),
                  ZoneId.of(random.nextBoolean() ? "UTC" : "America/New_York"),
                  random.nextBoolean(),
                  Duration.ofMillis(random.nextInt(3) * 5000L)));
    }
    if (random.nextInt(3) == 0) {
      boundaries = boundaries.withMaxSteps(1 + random.nextInt(6));
    }
    Emission emission =
        random.nextBoolean() ? Emission.AT_END : new Emission(Emit.STEP, 1 + random.nextInt(3));
    if (random.nextInt(3) == 0) {
      boundaries =
          boundaries.withMinSteps(random.nextInt((int) Math.min(3, boundaries.maxSteps()) + 1));
    }
    SequenceConfig config =
        SequenceConfig.of(overflows ? TestModels.overflowing() : TestModels.rnn(), features)
            .with(boundaries)
            .with(emission)
            .with(random.nextInt(3) == 0 ? Order.EVENT_TIME : Order.ARRIVAL);
    if (random.nextInt(3) == 0) {
      config = config.with(gap(features, random));
    }
    if (!overflows && random.nextInt(3) == 0) {
      config = config.with(decoding(random));
    }
    int warmUp = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0;
    int outputs = config.decoding() == null ? 3 : 2;
    List<Evaluate> evaluations =
        random.nextInt(3) == 0 ? evaluations(config.features(), outputs, random) : List.of();
    List<Unscale> unscaled =
        random.nextInt(3) == 0
            ? List.of(new Unscale(random.nextInt(outputs), field(config.features(), random)))
            : List.of();
    config =
        config.with(
            new SequenceConfig.Output(
                config.output().emission(), warmUp, config.decoding(), unscaled, evaluations));
    boolean remembers =
        (isSparse(config) && random.nextBoolean())
            || !config.output().evaluations().isEmpty()
            || config.features().stream().anyMatch(f -> f.scale() instanceof Scale.Online);
    return remembers || random.nextInt(3) == 0
        ? config.with(
            new SeriesMemory(
                200 + random.nextInt(3000),
                remembers && random.nextBoolean() ? 0 : 1 + random.nextInt(6)))
        : config;
  }

  /** True if records may come with some of their values. */
  private static boolean isSparse(SequenceConfig config) {
    return config.features().stream().filter(RandomStory::mayBeLeft).count() > 1;
  }

  private static boolean mayBeLeft(Feature feature) {
    return feature.missing().equals(Missing.PREVIOUS);
  }

  private static List<Evaluate> evaluations(List<Feature> features, int outputs, Random random) {
    List<Evaluate> evaluations = new ArrayList<>();
    for (int i = random.nextInt(2); i < 2; i++) {
      int against = field(features, random);
      evaluations.add(
          new Evaluate(
              "e" + i,
              random.nextInt(outputs),
              features.get(against).name(),
              against,
              features.get(against).inputs() == 0 || random.nextBoolean(),
              1 + random.nextInt(3),
              Long.MIN_VALUE,
              Double.NaN));
    }
    return evaluations;
  }

  /** The place of a field among features. */
  private static int field(List<Feature> features, Random random) {
    int place = random.nextInt(features.size());
    while (!features.get(place).isField()) {
      place = (place + 1) % features.size();
    }
    return place;
  }

  private static Gap gap(List<Feature> features, Random random) {
    int atMost = 1 + random.nextInt(8);
    return features.get(0).isField() && random.nextBoolean()
        ? Gap.feedback(150, atMost, Map.of(0, random.nextInt(3)))
        : Gap.previous(150, atMost);
  }

  /** As many as fill the model's inputs. */
  private static List<Feature> features(int inputs, Random random) {
    List<Feature> features = new ArrayList<>();
    int left = inputs;
    boolean sparse = random.nextInt(5) == 0;
    while (left > 0) {
      Feature feature = feature("x" + features.size(), random);
      if (sparse && feature.missing().equals(Missing.REJECT) && feature.isField()) {
        feature = feature.missing(Missing.PREVIOUS);
      }
      if (feature.inputs() <= left && (feature.isField() || !features.isEmpty())) {
        features.add(feature);
        left -= feature.inputs();
      }
    }
    if (random.nextInt(6) == 0 || features.stream().noneMatch(Feature::isField)) {
      features.add(Feature.truth("truth"));
    }
    return features;
  }

  private static Feature feature(String name, Random random) {
    Feature feature = unscaled(name, random);
    if (!feature.isField()) {
      return feature;
    }
    return switch (random.nextInt(8)) {
      case 0 -> feature.scaled(new Scale.Constant(new Norm(0.2, 0.7)));
      case 1 -> feature.scaled(new Scale.Online(Scale.Online.FOREVER));
      case 2 -> feature.scaled(new Scale.Online(3));
      default -> feature;
    };
  }

  private static Feature unscaled(String name, Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> new Feature(name, Transform.diff(0.5));
      case 1 -> new Feature(name, Transform.log1p(2)).missing(Missing.value(0.5));
      case 2 -> Feature.raw(name).missing(Missing.PREVIOUS);
      case 3 -> Feature.raw(name).missing(Missing.MASK);
      case 4 -> Feature.timeDelta(100);
      case 5 ->
          Feature.clock(
              new Calendar(
                  List.of(Calendar.Cycle.values()).get(random.nextInt(5)),
                  ZoneId.of(random.nextBoolean() ? "UTC" : "America/New_York")));
      default -> Feature.raw(name);
    };
  }

  /** Behind an encoder, on its own output or on zeros. */
  private static Decoding decoding(Random random) {
    boolean given = random.nextBoolean();
    DecoderRules.Stop stop =
        random.nextBoolean() ? new DecoderRules.Stop.Above(1, random.nextFloat() - 0.5f) : null;
    DecoderRules rules =
        new DecoderRules(
            given ? new DecoderRules.First.Input() : new DecoderRules.First.Zeros(),
            random.nextBoolean() ? DecoderRules.Next.OUTPUT : DecoderRules.Next.ZEROS,
            1 + random.nextInt(6),
            stop,
            0);
    return new Decoding(
        TestModels.decoder(),
        false,
        rules,
        Map.of(),
        given ? List.of(2, 0) : List.of(),
        1000,
        List.of());
  }

  /** Vector-to-sequence. */
  private static SequenceConfig alone(Random random) {
    DecoderRules rules =
        new DecoderRules(
            new DecoderRules.First.Input(), DecoderRules.Next.ZEROS, 1 + random.nextInt(6));
    return SequenceConfig.of(TestModels.decoder(), List.of(Feature.raw("a"), Feature.raw("b")))
        .with(Emission.AT_END)
        .with(random.nextInt(3) == 0 ? Order.EVENT_TIME : Order.ARRIVAL)
        .with(Decoding.alone(TestModels.decoder(), rules).every(1000));
  }

  // ---- what happens ----

  /** A partition per half of the series: its clock, and whether it is silent. */
  private static final class Teller {
    private final SequenceConfig config;
    private final Random random;
    private final boolean named;
    private final boolean starts;
    private final boolean prompt; // nothing comes behind the watermark
    private final boolean withWatermarks;
    private final long[] clocks = new long[PARTITIONS];
    private final boolean[] silent = new boolean[PARTITIONS];
    private final List<Event> events = new ArrayList<>();
    private long watermark = Long.MIN_VALUE;

    Teller(SequenceConfig config, Random random) {
      this.config = config;
      this.random = random;
      named = random.nextInt(3) == 0;
      starts = random.nextInt(3) == 0;
      prompt = random.nextInt(5) == 0;
      withWatermarks = random.nextInt(15) != 0;
      // Days begin in UTC or New York within a minute of this.
      Arrays.fill(
          clocks, (random.nextBoolean() ? 0 : 5 * 3_600_000L) + 20_000 + random.nextInt(30_000));
    }

    List<Event> tell() {
      Observation before = null;
      for (int i = 0; i < STEPS; i++) {
        int which = random.nextInt(SERIES.size());
        int partition = which % PARTITIONS;
        if (random.nextInt(20) == 0) {
          silent[random.nextInt(PARTITIONS)] ^= true;
        }
        if (!silent[partition]) {
          boolean again =
              before != null
                  && before.rejected == null
                  && random.nextInt(12) == 0
                  && !(prompt && before.timestamp <= watermark);
          Observation observation =
              again ? copy(before) : observation(SERIES.get(which), partition);
          if (random.nextInt(10) == 0) {
            observation = unread(observation, i);
          } else if (config.memory() != null && observation.identity == null) {
            observation.identity("id " + random.nextInt(i + 1));
          }
          before = observation.at("t/0@", i);
          events.add(new Observe(before));
        }
        if (withWatermarks && random.nextInt(4) == 0) {
          advance();
        }
        if (random.nextInt(6) == 0) {
          events.add(new Pass(1 + random.nextInt(3)));
        }
        switch (random.nextInt(100)) {
          case 0, 1, 2, 3 -> events.add(new Checkpoint(true));
          case 4, 5 -> events.add(new Checkpoint(false));
          case 6, 7 -> events.add(new Crash());
          default -> {}
        }
      }
      return events;
    }

    /** To where no partition that speaks will go back behind, but for what is late. */
    private void advance() {
      long lowest = Long.MAX_VALUE;
      for (int partition = 0; partition < PARTITIONS; partition++) {
        lowest = silent[partition] ? lowest : Math.min(lowest, clocks[partition] - 1);
      }
      if (lowest != Long.MAX_VALUE && lowest > watermark) {
        watermark = lowest;
        events.add(new Watermark(watermark));
      }
    }

    private Observation observation(String series, int partition) {
      clocks[partition] += random.nextInt(8) == 0 ? 900 + random.nextInt(300) : random.nextInt(200);
      long timestamp = timestamp(partition);
      Observation observation;
      if (random.nextInt(12) == 0) {
        observation = Observation.endOf(series, timestamp);
        if (random.nextInt(4) == 0) {
          observation.unusable = "broken";
        }
      } else {
        observation = Observation.of(series, timestamp, features());
        if (random.nextInt(10) == 0) {
          observation.andEnd();
        }
      }
      if (starts && random.nextInt(8) == 0) {
        observation.andStart();
      }
      if (named && !(observation.end && observation.features == null)) {
        observation.by("day " + Math.floorDiv(timestamp, 2500));
      }
      return observation;
    }

    /**
     * What its source could not read; of its timestamp some is known, and nothing depends on it.
     */
    private Observation unread(Observation observation, int place) {
      Rejected rejected = new Rejected();
      rejected.input = "t/0@" + place;
      rejected.series = observation.series;
      rejected.timestamp = random.nextBoolean() ? observation.timestamp : null;
      rejected.reason = "not read";
      return Observation.ofRejected(rejected);
    }

    private long timestamp(int partition) {
      if (prompt) {
        clocks[partition] = Math.max(clocks[partition], watermark + 1);
        return clocks[partition];
      }
      return clocks[partition] - random.nextInt(random.nextInt(6) == 0 ? 1500 : 50);
    }

    private double[] features() {
      double[] features =
          random
              .doubles(config.features().stream().filter(Feature::isField).count(), -1, 1)
              .toArray();
      if (random.nextInt(8) == 0) {
        features[random.nextInt(features.length)] =
            List.of(Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, 1e38).get(random.nextInt(4));
      }
      if (isSparse(config) && random.nextBoolean()) {
        List<Feature> fields = config.features().stream().filter(Feature::isField).toList();
        for (int i = 0; i < features.length; i++) {
          features[i] = mayBeLeft(fields.get(i)) && random.nextBoolean() ? Double.NaN : features[i];
        }
      }
      return features;
    }
  }

  private static Observation copy(Observation from) {
    Observation copy = new Observation();
    copy.series = from.series;
    copy.timestamp = from.timestamp;
    copy.features = from.features == null ? null : from.features.clone();
    copy.end = from.end;
    copy.start = from.start;
    copy.by = from.by;
    copy.identity = from.identity;
    copy.unusable = from.unusable;
    copy.rejected = from.rejected;
    return copy.at(from.origin, from.position);
  }
}
