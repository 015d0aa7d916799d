package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Tensors of the file as constants. float16, bfloat16 and double become float32. */
final class Tensors {
  private final Map<String, byte[]> externalData;
  private final long fileBytes;

  /**
   * @param modelBytes size of the file that names the external data
   */
  Tensors(long modelBytes, Map<String, byte[]> externalData) {
    this.externalData = externalData;
    fileBytes = modelBytes + externalData.values().stream().mapToLong(data -> data.length).sum();
  }

  /** Of the model and its external data. */
  long fileBytes() {
    return fileBytes;
  }

  static boolean isFloat(int type) {
    return type == DataType.FLOAT_VALUE
        || type == DataType.DOUBLE_VALUE
        || type == DataType.FLOAT16_VALUE
        || type == DataType.BFLOAT16_VALUE;
  }

  static boolean isWhole(int type) {
    return type == DataType.INT64_VALUE
        || type == DataType.INT32_VALUE
        || type == DataType.BOOL_VALUE
        || type == DataType.INT8_VALUE
        || type == DataType.UINT8_VALUE;
  }

  static String typeName(int type) {
    DataType known = DataType.forNumber(type);
    return known == null ? "type " + type : known.name();
  }

  private static int width(int type) {
    return switch (type) {
      case DataType.DOUBLE_VALUE, DataType.INT64_VALUE -> 8;
      case DataType.FLOAT_VALUE, DataType.INT32_VALUE -> 4;
      case DataType.FLOAT16_VALUE, DataType.BFLOAT16_VALUE -> 2;
      default -> 1;
    };
  }

  Tensor read(TensorProto proto) {
    int type = proto.getDataType();
    if (!isFloat(type) && !isWhole(type)) {
      throw new Refusal(
          "tensor '" + proto.getName() + "' is " + typeName(type) + ", which is not read");
    }
    int[] dims = dims(proto);
    int n = (int) Shapes.count(dims);
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      return raw(proto, type, external(proto, (long) n * width(type)), n, dims);
    }
    if (!proto.getRawData().isEmpty()) {
      return raw(proto, type, proto.getRawData().asReadOnlyByteBuffer(), n, dims);
    }
    return typed(proto, type, n, dims);
  }

  private static int[] dims(TensorProto proto) {
    String what = "tensor '" + proto.getName() + "'";
    if (proto.getDimsCount() > Limits.MAX_RANK) {
      throw new Refusal(
          what + " has rank " + proto.getDimsCount() + ", at most " + Limits.MAX_RANK);
    }
    int[] dims = new int[proto.getDimsCount()];
    long count = 1;
    for (int i = 0; i < dims.length; i++) {
      long dim = proto.getDims(i);
      if (dim < 0) {
        throw new Refusal(what + " has a dimension of " + dim);
      }
      if (dim > Limits.MAX_ELEMENTS) {
        throw tooMany(what, proto);
      }
      dims[i] = (int) dim;
      count = Math.min(count, Limits.MAX_ELEMENTS + 1) * dim; // both below 2^27: no overflow
    }
    if (count > Limits.MAX_ELEMENTS) {
      throw tooMany(what, proto);
    }
    return dims;
  }

  private static Refusal tooMany(String what, TensorProto proto) {
    return new Refusal(
        "%s declares %s elements, at most %d"
            .formatted(
                what,
                proto.getDimsList().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(" x ")),
                Limits.MAX_ELEMENTS));
  }

  private ByteBuffer external(TensorProto proto, long bytes) {
    Map<String, String> where = new HashMap<>();
    for (StringStringEntryProto entry : proto.getExternalDataList()) {
      where.put(entry.getKey(), entry.getValue());
    }
    String location = where.getOrDefault("location", "");
    byte[] file = externalData.get(location);
    if (file == null) {
      throw new Refusal("tensor '" + proto.getName() + "': no external data '" + location + "'");
    }
    long offset = number(proto, where.getOrDefault("offset", "0"));
    long length = number(proto, where.getOrDefault("length", Long.toString(bytes)));
    if (offset < 0 || length != bytes || offset > file.length - length) {
      throw new Refusal(
          "tensor '%s': bytes %d to %d of '%s', which has %d; expected %d bytes"
              .formatted(proto.getName(), offset, offset + length, location, file.length, bytes));
    }
    return ByteBuffer.wrap(file, (int) offset, (int) length).slice();
  }

  private static long number(TensorProto proto, String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw new Refusal(
          "tensor '"
              + proto.getName()
              + "': external data at '"
              + text
              + "', expected a whole number");
    }
    return Long.parseLong(text);
  }

  private static Tensor raw(TensorProto proto, int type, ByteBuffer data, int n, int[] dims) {
    ByteBuffer bytes = data.order(ByteOrder.LITTLE_ENDIAN);
    check(proto, bytes.remaining(), (long) n * width(type), "bytes");
    if (isFloat(type)) {
      float[] values = new float[n];
      for (int i = 0; i < n; i++) {
        values[i] =
            switch (type) {
              case DataType.DOUBLE_VALUE -> (float) bytes.getDouble();
              case DataType.FLOAT16_VALUE -> half(bytes.getShort());
              case DataType.BFLOAT16_VALUE -> Float.intBitsToFloat(bytes.getShort() << 16);
              default -> bytes.getFloat();
            };
      }
      return Tensor.of(values, dims);
    }
    long[] values = new long[n];
    for (int i = 0; i < n; i++) {
      values[i] =
          switch (type) {
            case DataType.INT64_VALUE -> bytes.getLong();
            case DataType.INT32_VALUE -> bytes.getInt();
            case DataType.UINT8_VALUE -> Byte.toUnsignedLong(bytes.get());
            case DataType.BOOL_VALUE -> bytes.get() == 0 ? 0 : 1;
            default -> bytes.get();
          };
    }
    return Tensor.of(values, dims);
  }

  private static Tensor typed(TensorProto proto, int type, int n, int[] dims) {
    int found =
        switch (type) {
          case DataType.FLOAT_VALUE -> proto.getFloatDataCount();
          case DataType.DOUBLE_VALUE -> proto.getDoubleDataCount();
          case DataType.INT64_VALUE -> proto.getInt64DataCount();
          default -> proto.getInt32DataCount();
        };
    check(proto, found, n, "values"); // before anything of the declared size is made
    float[] floats = new float[isFloat(type) ? n : 0];
    long[] longs = new long[isFloat(type) ? 0 : n];
    switch (type) {
      case DataType.FLOAT_VALUE -> {
        for (int i = 0; i < n; i++) {
          floats[i] = proto.getFloatData(i);
        }
      }
      case DataType.DOUBLE_VALUE -> {
        for (int i = 0; i < n; i++) {
          floats[i] = (float) proto.getDoubleData(i);
        }
      }
      case DataType.FLOAT16_VALUE, DataType.BFLOAT16_VALUE -> {
        for (int i = 0; i < n; i++) {
          int bits = proto.getInt32Data(i);
          floats[i] =
              type == DataType.FLOAT16_VALUE
                  ? half((short) bits)
                  : Float.intBitsToFloat(bits << 16);
        }
      }
      case DataType.INT64_VALUE -> Arrays.setAll(longs, proto::getInt64Data);
      default -> {
        boolean truth = type == DataType.BOOL_VALUE;
        Arrays.setAll(longs, i -> truth && proto.getInt32Data(i) != 0 ? 1 : proto.getInt32Data(i));
      }
    }
    return isFloat(type) ? Tensor.of(floats, dims) : Tensor.of(longs, dims);
  }

  private static void check(TensorProto proto, long found, long expected, String what) {
    if (found != expected) {
      throw new Refusal(
          "tensor '%s': %d %s, expected %d".formatted(proto.getName(), found, what, expected));
    }
  }

  /** IEEE 754 binary16; Java 17 has no method for it. */
  private static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      return Math.copySign(fraction * 0x1p-24f, Float.intBitsToFloat(sign));
    }
    int wide = exponent == 0x1f ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}
