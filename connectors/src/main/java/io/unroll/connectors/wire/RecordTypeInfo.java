package io.unroll.connectors.wire;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.PojoField;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;

/** A Flink POJO, with its fields for all who look for them, and a serializer of its own. */
public final class RecordTypeInfo<T> extends PojoTypeInfo<T> {

  private static final long serialVersionUID = 1L;

  private final RecordSerializer<T> serializer;

  public RecordTypeInfo(Class<T> type, RecordSerializer<T> serializer) {
    super(type, fields(type));
    this.serializer = serializer;
  }

  private static List<PojoField> fields(Class<?> type) {
    List<PojoField> fields = new ArrayList<>();
    for (Field field : type.getFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        fields.add(new PojoField(field, TypeInformation.of(field.getType())));
      }
    }
    return fields;
  }

  @Override
  public TypeSerializer<T> createSerializer(SerializerConfig config) {
    return serializer.duplicate();
  }
}
