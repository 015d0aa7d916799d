package io.unroll.connectors.kafka;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobInfo;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.flink.util.function.ThrowingRunnable;
import org.apache.kafka.common.KafkaException;

/**
 * The context of a writer that throws what its producer said in a mail to its task: there the
 * failure is explained too.
 */
final class ExplainingContext implements WriterInitContext {
  private final WriterInitContext context;
  private final SentRecords sent;

  ExplainingContext(WriterInitContext context, SentRecords sent) {
    this.context = context;
    this.sent = sent;
  }

  @Override
  public MailboxExecutor getMailboxExecutor() {
    MailboxExecutor mailbox = context.getMailboxExecutor();
    return new MailboxExecutor() {
      @Override
      public void execute(
          MailOptions options,
          ThrowingRunnable<? extends Exception> command,
          String description,
          Object... arguments) {
        mailbox.execute(options, () -> explained(command), description, arguments);
      }

      @Override
      public void yield() throws InterruptedException {
        mailbox.yield();
      }

      @Override
      public boolean tryYield() {
        return mailbox.tryYield();
      }

      @Override
      public boolean shouldInterrupt() {
        return mailbox.shouldInterrupt();
      }
    };
  }

  private void explained(ThrowingRunnable<? extends Exception> command) throws Exception {
    try {
      command.run();
    } catch (Exception e) { // whatever a mail throws
      throw e instanceof IOException || e instanceof KafkaException ? sent.explained(e) : e;
    }
  }

  @Override
  public UserCodeClassLoader getUserCodeClassLoader() {
    return context.getUserCodeClassLoader();
  }

  @Override
  public ProcessingTimeService getProcessingTimeService() {
    return context.getProcessingTimeService();
  }

  @Override
  public SinkWriterMetricGroup metricGroup() {
    return context.metricGroup();
  }

  @Override
  public SerializationSchema.InitializationContext asSerializationSchemaInitializationContext() {
    return context.asSerializationSchemaInitializationContext();
  }

  @Override
  public boolean isObjectReuseEnabled() {
    return context.isObjectReuseEnabled();
  }

  @Override
  public <T> TypeSerializer<T> createInputSerializer() {
    return context.createInputSerializer();
  }

  @Override
  public <T> Optional<Consumer<T>> metadataConsumer() {
    return context.metadataConsumer();
  }

  @Override
  public OptionalLong getRestoredCheckpointId() {
    return context.getRestoredCheckpointId();
  }

  @Override
  public JobInfo getJobInfo() {
    return context.getJobInfo();
  }

  @Override
  public TaskInfo getTaskInfo() {
    return context.getTaskInfo();
  }
}
