package io.unroll.connectors.kafka;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * How a {@link TimedSplit} is kept. Reads what Flink's own source kept too, which knows no
 * timestamp.
 *
 * <pre>
 *   int    version of Flink's split
 *   int    its length, then so many bytes
 *   long   the highest timestamp
 * </pre>
 */
final class TimedSplitSerializer implements SimpleVersionedSerializer<KafkaPartitionSplit> {
  private static final int VERSION = StateVersions.FIRST;

  private final KafkaPartitionSplitSerializer flinks = new KafkaPartitionSplitSerializer();

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(KafkaPartitionSplit split) throws IOException {
    byte[] inside = flinks.serialize(split);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(flinks.getVersion());
    out.writeInt(inside.length);
    out.write(inside);
    out.writeLong(TimedSplit.highest(split));
    return bytes.toByteArray();
  }

  @Override
  public KafkaPartitionSplit deserialize(int version, byte[] bytes) throws IOException {
    if (StateVersions.isFlinks(version)) {
      return flinks.deserialize(version, bytes);
    }
    StateVersions.refuseNewer(version, VERSION);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int flinksVersion = in.readInt();
    KafkaPartitionSplit inside = flinks.deserialize(flinksVersion, in.readNBytes(in.readInt()));
    return new TimedSplit(inside, in.readLong());
  }
}
