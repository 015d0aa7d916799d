package io.unroll.bench.stream;

import io.unroll.bench.network.Networks;
import io.unroll.bench.peer.Peers;
import io.unroll.bench.peer.Shape;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Feature;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.Tuning;
import io.unroll.job.operator.Operators;
import io.unroll.job.operator.Outputs;
import io.unroll.job.state.Accounts;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.OneInputTransformation;

/** The jobs that are measured: source, key-by, operator, a sink that counts. */
final class StreamJob {
  private static final TypeInformation<Observation> OBSERVATION =
      TypeInformation.of(Observation.class);
  private static final TypeInformation<Prediction> PREDICTION =
      TypeInformation.of(Prediction.class);

  /** Bytes of ours beside the network's state: times, step, place in the source. */
  private static final int OTHER_FLOATS = 16;

  private StreamJob() {}

  static void define(StreamExecutionEnvironment env, JobSpec spec) {
    switch (spec.operator()) {
      case CEILING ->
          sink(
              keyed(source(env, spec))
                  .process(new Ceiling(2 * spec.neurons() + OTHER_FLOATS), OBSERVATION));
      case EVENT ->
          sink(keyed(source(env, spec)).process(Peers.get().perEvent(spec.neurons()), PREDICTION));
      case OURS -> {
        DataStream<Observation> observations = source(env, spec);
        sink(
            spec.latency()
                ? timed(observations, config(spec))
                : Operators.sequences("bench", observations, config(spec), Accounts.ALONE));
      }
      case CLOSING, CLOSING_DECODED -> {
        DataStream<Observation> observations =
            env.fromSource(
                new ClosingSource(spec.series()),
                WatermarkStrategy.noWatermarks(),
                "observations",
                OBSERVATION);
        sink(timed(observations, config(spec)).getSideOutput(Outputs.SEQUENCES));
      }
    }
  }

  private static DataStream<Observation> source(StreamExecutionEnvironment env, JobSpec spec) {
    return env.fromSource(
        new ObservationSource(spec.series()),
        WatermarkStrategy.noWatermarks(),
        "observations",
        OBSERVATION);
  }

  private static KeyedStream<Observation, String> keyed(DataStream<Observation> observations) {
    return observations.keyBy(observation -> observation.series, Types.STRING);
  }

  private static <T> void sink(DataStream<T> stream) {
    stream.sinkTo(new CountingSink<>()).name("count");
  }

  private static SequenceConfig config(JobSpec spec) {
    boolean closing = spec.operator().closes();
    List<Feature> features =
        IntStream.range(0, Shape.INPUTS).mapToObj(i -> Feature.raw("x" + i)).toList();
    SequenceConfig config =
        SequenceConfig.of(Networks.file(Shape.Cell.LSTM, spec.neurons()), features)
            .with(
                closing
                    ? Boundaries.NONE.withIdleTimeout(ClosingSource.ROUND_MILLIS / 2)
                    : Boundaries.NONE)
            .with(closing ? Emission.AT_END : Emission.EVERY_STEP)
            .with(
                new Tuning(
                    spec.kernel(), spec.batch(), Tuning.BATCH_DELAY_MILLIS, spec.cacheBytes()));
    return spec.operator() == JobSpec.Operator.CLOSING_DECODED
        ? config.with(decoding(spec.neurons()))
        : config;
  }

  /** As many outputs as inputs, and the encoder's state to start from. */
  private static Decoding decoding(int neurons) {
    return Decoding.of(
        Networks.withHead(neurons, Shape.INPUTS),
        new DecoderRules(new First.Zeros(), Next.OUTPUT, JobSpec.DECODED_STEPS));
  }

  /** The operator as {@link Operators#sequences} makes it, with a clock around it. */
  private static SingleOutputStreamOperator<Prediction> timed(
      DataStream<Observation> observations, SequenceConfig config) {
    // Flink keeps every operator that is ever put on a stream: the original goes on another one.
    StreamExecutionEnvironment scratch = StreamExecutionEnvironment.createLocalEnvironment(1);
    DataStream<Observation> elsewhere =
        scratch.fromSource(
            new ObservationSource(1),
            WatermarkStrategy.noWatermarks(),
            "observations",
            OBSERVATION);
    OneInputTransformation<?, ?> original =
        (OneInputTransformation<?, ?>)
            Operators.sequences("bench", elsewhere, config, Accounts.ALONE).getTransformation();
    return timed(observations, original);
  }

  @SuppressWarnings("unchecked") // Operators.sequences says that it makes predictions
  private static SingleOutputStreamOperator<Prediction> timed(
      DataStream<Observation> observations, OneInputTransformation<?, ?> original) {
    OneInputTransformation<Observation, Prediction> typed =
        (OneInputTransformation<Observation, Prediction>) original;
    return keyed(observations)
        .transform(typed.getName(), PREDICTION, new TimedFactory<>(typed.getOperatorFactory()))
        .setMaxParallelism(Operators.MAX_PARALLELISM);
  }
}
