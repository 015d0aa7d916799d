package io.unroll.connectors.kafka;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumStateSerializer;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.common.Uuid;

/**
 * How a {@link SourceState} is kept. Reads what Flink's own source kept too, which knows no ids.
 *
 * <pre>
 *   int    version of Flink's state
 *   int    its length, then so many bytes
 *   int    number of topics; for each
 *     UTF    its name
 *     long   its id, upper half
 *     long   lower half
 * </pre>
 */
final class SourceStateSerializer implements SimpleVersionedSerializer<SourceState> {
  private static final int VERSION = StateVersions.FIRST;

  private final KafkaSourceEnumStateSerializer flinks = new KafkaSourceEnumStateSerializer();

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(SourceState state) throws IOException {
    byte[] inside = flinks.serialize(state.partitions());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(flinks.getVersion());
    out.writeInt(inside.length);
    out.write(inside);
    out.writeInt(state.topics().byName().size());
    for (Map.Entry<String, Uuid> topic : state.topics().byName().entrySet()) {
      out.writeUTF(topic.getKey());
      out.writeLong(topic.getValue().getMostSignificantBits());
      out.writeLong(topic.getValue().getLeastSignificantBits());
    }
    return bytes.toByteArray();
  }

  @Override
  public SourceState deserialize(int version, byte[] bytes) throws IOException {
    if (StateVersions.isFlinks(version)) {
      return new SourceState(flinks.deserialize(version, bytes), TopicIds.NONE);
    }
    StateVersions.refuseNewer(version, VERSION);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int flinksVersion = in.readInt();
    KafkaSourceEnumState partitions =
        flinks.deserialize(flinksVersion, in.readNBytes(in.readInt()));
    Map<String, Uuid> topics = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      topics.put(in.readUTF(), new Uuid(in.readLong(), in.readLong()));
    }
    return new SourceState(partitions, new TopicIds(topics));
  }
}
