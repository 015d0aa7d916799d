package io.unroll.job;

import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.OutputFields;
import io.unroll.connectors.format.OutputFormat;
import io.unroll.connectors.kafka.KafkaSinkSettings;
import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.describe.Checks;
import io.unroll.job.describe.ModelFacts;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.Operators;
import io.unroll.job.operator.Outputs;
import io.unroll.job.operator.Signatures;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.job.pipeline.PipelineException;
import io.unroll.job.pipeline.PipelineFile;
import io.unroll.job.signature.Signature;
import io.unroll.job.state.Accounts;
import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.OnnxFile;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline file and its model, read and found to fit: what {@code run} submits and {@code check}
 * describes. Nothing is read again after this: both travel in the job as bytes.
 *
 * @param pipeline the file
 * @param sequences what the operator is told
 * @param model the model, a step of which goes on from a state
 * @param decoder the network of a decoder; the model itself where it is alone; null without
 */
public record PipelineJob(
    Pipeline pipeline,
    SequenceConfig sequences,
    RecurrentModel model,
    @Nullable RecurrentModel decoder) {

  /**
   * Reads and checks everything that needs no cluster.
   *
   * @throws PipelineException with every mistake: of the pipeline file, of the model, and where the
   *     two do not fit
   */
  public static PipelineJob load(Path path) throws PipelineException {
    ModelReader models = new ModelReader();
    Pipeline pipeline = PipelineFile.read(path, models);
    return models.job(pipeline);
  }

  /** The model as bytes. */
  public OnnxFile file() {
    return sequences.model();
  }

  /** The decoder as bytes, and how it is fed; null without. */
  public @Nullable Decoding decoding() {
    return sequences.decoding();
  }

  /**
   * Names of the outputs, which are the decoder's where there is one: the pipeline's, else the
   * model's own, else y0, y1, ....
   */
  public List<String> outputNames() {
    return ModelFacts.of(decoder == null ? model : decoder).predictionNames(pipeline.description());
  }

  /** Whether each observation is decoded by itself, and nothing is kept of a series. */
  public boolean isAlone() {
    return Checks.isAlone(pipeline.description());
  }

  /** Names of the kept fields in predictions. */
  public List<String> keepNames() {
    return pipeline.observation().keep().stream().map(kept -> kept.name()).toList();
  }

  /** What turns the source's records into observations. */
  public ObservationReader reader() {
    boolean carryRaw = pipeline.sink().rejected() != null || pipeline.sink().late() != null;
    return new ObservationReader(
        pipeline.source().format(), pipeline.fields(), pipeline.source().bounds(), carryRaw);
  }

  /** What gives the state of this pipeline its meaning. */
  public Signature signature() {
    return Signatures.of(sequences, model, decoder);
  }

  /** The model as it is served: itself, or by windows of inputs. */
  public RecurrentModel served() {
    return sequences.serve(model);
  }

  /**
   * The pipeline's Flink options, and what every pipeline needs.
   *
   * @param defaults options that the pipeline may override
   */
  public Configuration configuration(Configuration defaults) {
    return PipelineJobs.of(this).configuration(defaults);
  }

  /** Makes a job of the whole pipeline, with its own source and sinks. */
  public void define(StreamExecutionEnvironment env) {
    define(env, Accounts.ALONE);
  }

  /** Adds the whole pipeline to a job, with its own source and sinks. */
  void define(StreamExecutionEnvironment env, Accounts accounts) {
    define(Sources.of(this, env), new Sinks(this, accounts), accounts);
  }

  /** Adds the pipeline between a source and sinks of somebody else's choice. */
  void define(DataStream<Reading> readings, PipelineSinks sinks, Accounts accounts) {
    SingleOutputStreamOperator<Observation> observations =
        Operators.observations(pipeline.name(), readings, accounts);
    SingleOutputStreamOperator<Prediction> predictions =
        Operators.sequences(pipeline.name(), observations, sequences, accounts);
    DataStream<Rejected> rejected =
        observations
            .getSideOutput(Outputs.REJECTED)
            .union(predictions.getSideOutput(Outputs.REJECTED));
    DataStream<SequenceEvent> events = predictions.getSideOutput(Outputs.SEQUENCES);
    DataStream<Rejected> late = predictions.getSideOutput(Outputs.LATE);
    DataStream<Evaluation> evaluations = predictions.getSideOutput(Outputs.EVALUATIONS);
    sinks.attach(new Unroll.Streams(predictions, events, rejected, late, evaluations));
  }

  /** How each of its Kafka sinks writes. */
  public List<KafkaSinkSettings> kafkaSinks() {
    return Sinks.kafka(pipeline);
  }

  /** How outputs are written. */
  public OutputFormat outputFormat() {
    return new OutputFormat(pipeline.sink().format(), outputFields(), keepNames());
  }

  /** What becomes of a prediction's numbers. */
  public OutputFields outputFields() {
    return pipeline.outputFields(outputNames());
  }
}
