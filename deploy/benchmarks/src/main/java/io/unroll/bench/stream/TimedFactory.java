package io.unroll.bench.stream;

import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OperatorAttributes;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.legacy.YieldingOperatorFactory;

/** Makes what another factory makes, timed. Takes from Flink whatever the other may need. */
@SuppressWarnings("deprecation") // Flink has no other way to hand out the mailbox
final class TimedFactory<I, O> extends AbstractStreamOperatorFactory<O>
    implements OneInputStreamOperatorFactory<I, O>, YieldingOperatorFactory<O> {
  private static final long serialVersionUID = 1L;

  private final StreamOperatorFactory<O> factory;

  TimedFactory(StreamOperatorFactory<O> factory) {
    this.factory = factory;
    setChainingStrategy(factory.getChainingStrategy());
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Flink's own signature
  public <T extends StreamOperator<O>> T createStreamOperator(
      StreamOperatorParameters<O> parameters) {
    if (factory instanceof AbstractStreamOperatorFactory<O> inner) {
      inner.setProcessingTimeService(processingTimeService);
    }
    if (factory instanceof YieldingOperatorFactory<O> inner) {
      inner.setMailboxExecutor(getMailboxExecutor());
    }
    OneInputStreamOperator<I, O> operator = factory.createStreamOperator(parameters);
    return (T) new TimedOperator<>(operator);
  }

  @Override
  @SuppressWarnings("rawtypes") // Flink's own signature
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
    return TimedOperator.class;
  }

  @Override
  public OperatorAttributes getOperatorAttributes() {
    return factory.getOperatorAttributes();
  }
}
