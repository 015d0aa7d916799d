package io.unroll.connectors.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.unroll.connectors.kafka.OutboundRecord;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTypesTest {

  @ParameterizedTest
  @ValueSource(
      classes = {
        Observation.class,
        RawRecord.class,
        Rejected.class,
        Reading.class,
        Prediction.class,
        SequenceEvent.class,
        OutboundRecord.class
      })
  void areFlinkPojosWithoutKryo(Class<?> type) {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(type);
  }

  @Test
  void travelWithTheirNulls() throws IOException {
    Observation observation = Observation.endOf("a", 5).at("w/0@", 3);
    observation.unusable = "why";
    observation.keep = new String[] {"null", "1.10"};
    observation.raw = new RawRecord(null, null);
    observation.raw.headerNames = new String[] {"one", "two"};
    observation.raw.headerValues = new byte[][] {{1}, null};

    Observation seen = copy(Reading.class, Reading.of(observation)).observation;

    assertNull(seen.features);
    assertEquals("why", seen.unusable);
    assertEquals("w/0@3", seen.input());
    assertEquals(List.of("null", "1.10"), List.of(seen.keep));
    assertNull(seen.raw.key);
    assertNull(seen.raw.value);
    assertArrayEquals(new byte[] {1}, seen.raw.headerValues[0]);
    assertNull(seen.raw.headerValues[1]);

    Rejected rejected = new Rejected();
    assertNull(copy(Rejected.class, rejected).timestamp);
    rejected.watermark = 7L;
    assertEquals(7L, copy(Rejected.class, rejected).watermark);
    assertNull(copy(OutboundRecord.class, new OutboundRecord()).timestamp);
  }

  private static <T> T copy(Class<T> type, T value) throws IOException {
    TypeSerializer<T> serializer =
        TypeInformation.of(type).createSerializer(new SerializerConfigImpl());
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(value, out);
    return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
  }
}
