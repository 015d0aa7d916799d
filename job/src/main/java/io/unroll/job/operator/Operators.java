package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Reading;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.state.Accounts;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Puts this package's operators on streams. Names and uids are fixed: savepoints know them. */
public final class Operators {
  /** Key groups of the keyed state; the most slots that the operator can ever be spread over. */
  public static final int MAX_PARALLELISM = 256;

  private Operators() {}

  /**
   * Observations of what a source read; rejected records are at {@link Outputs#REJECTED}. As many
   * subtasks as the source has: Flink spreads records between unequal numbers of them in turns, and
   * a series would lose its order before it reaches its key.
   */
  public static SingleOutputStreamOperator<Observation> observations(
      String name, DataStream<Reading> readings, Accounts accounts) {
    SingleOutputStreamOperator<Observation> observations =
        readings
            .process(new ReadingSplitter(accounts), TypeInformation.of(Observation.class))
            .name(name + ": observations")
            .uid(name + "-observations");
    return readings.getTransformation().isParallelismConfigured()
        ? observations.setParallelism(readings.getParallelism())
        : observations;
  }

  /** State of the sequences of the pipeline {@code name} is found by it. */
  public static String sequencesUid(String name) {
    return name + "-sequences";
  }

  /** Predictions; the other outputs are at {@link Outputs}. */
  public static SingleOutputStreamOperator<Prediction> sequences(
      String name, DataStream<Observation> observations, SequenceConfig config, Accounts accounts) {
    return observations
        // A series that is null cannot be a key; as an empty one the operator rejects it.
        .keyBy(o -> Objects.requireNonNullElse(o.series, ""), Types.STRING)
        .transform(
            name + ": sequences",
            TypeInformation.of(Prediction.class),
            new SequenceOperator(config, accounts))
        .uid(sequencesUid(name))
        .setMaxParallelism(MAX_PARALLELISM);
  }
}
