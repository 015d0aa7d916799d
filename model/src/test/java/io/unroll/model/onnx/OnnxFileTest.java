package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.unroll.model.GoldenCase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnnxFileTest {
  private static final String CASE = "golden/11-torch-default-exporter-lstm-2layer/";

  @TempDir Path folder;

  private Path write(byte[] model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model);
  }

  private static byte[] withLocation(String location) throws IOException {
    ModelProto.Builder model =
        ModelProto.parseFrom(GoldenCase.bytes(CASE + "model.onnx")).toBuilder();
    for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
      for (StringStringEntryProto.Builder entry : tensor.getExternalDataBuilderList()) {
        if (entry.getKey().equals("location")) {
          entry.setValue(location);
        }
      }
    }
    return model.build().toByteArray();
  }

  private void refused(String message, Path file) {
    assertEquals(
        message, assertThrows(OnnxException.class, () -> OnnxFile.load(file).read()).getMessage());
  }

  @Test
  void weightsBesideTheModelAreLoadedWithIt() throws IOException, OnnxException {
    Path file = write(GoldenCase.bytes(CASE + "model.onnx"));
    Files.write(folder.resolve("model.onnx.data"), GoldenCase.bytes(CASE + "model.onnx.data"));
    OnnxFile onnx = OnnxFile.load(file);
    assertEquals("model", onnx.name());
    assertEquals(java.util.Set.of("model.onnx.data"), onnx.externalData().keySet());
    assertEquals(5, onnx.read().inputSize());
  }

  @Test
  void dataOutsideTheFolderIsNotRead() throws IOException {
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Files.write(outside.resolve("d"), GoldenCase.bytes(CASE + "model.onnx.data"));
    Path inside = Files.createDirectories(folder.resolve("inside"));
    Path file = inside.resolve("model.onnx");
    for (String location :
        new String[] {"../outside/d", outside.resolve("d").toString(), "a/../../outside/d"}) {
      Files.write(file, withLocation(location));
      refused(
          "model: external data '"
              + location
              + "' is not in the model's own folder; it is not read",
          file);
    }
    Files.write(file, withLocation("link"));
    Files.createSymbolicLink(inside.resolve("link"), outside.resolve("d"));
    refused("model: external data 'link' is not in the model's own folder; it is not read", file);
  }

  @Test
  void missingOrShortDataIsNamed() throws IOException {
    Path file = write(GoldenCase.bytes(CASE + "model.onnx"));
    refused(
        "model: external data 'model.onnx.data' is missing beside the model; copy both files",
        file);
    Files.write(folder.resolve("model.onnx.data"), new byte[100]);
    refused(
        "LSTM 'node_LSTM_68': tensor 'val_44': bytes 896 to 2016 of 'model.onnx.data', which has 100; expected 1120 bytes",
        file);
  }

  @Test
  void missingModelIsAnIoException() {
    assertThrows(NoSuchFileException.class, () -> OnnxFile.load(folder.resolve("none.onnx")));
  }

  @Test
  void travelsAsBytes() throws IOException, ClassNotFoundException, OnnxException {
    OnnxFile onnx = GoldenCase.load("11-torch-default-exporter-lstm-2layer").onnx();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(onnx);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      OnnxFile copy = (OnnxFile) in.readObject();
      assertEquals(onnx.read().id(), copy.read().id());
      assertArrayEquals(onnx.model(), copy.model());
    }
  }

  @Test
  void fingerprintCoversModelThenDataByName() throws NoSuchAlgorithmException {
    Map<String, byte[]> data = new TreeMap<>();
    data.put("b", new byte[] {2});
    data.put("a", new byte[] {1});
    OnnxFile file = new OnnxFile("m", new byte[] {9}, data);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(new byte[] {9});
    digest.update("a\0".getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 1);
    digest.update("b\0".getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 2);
    assertEquals(HexFormat.of().formatHex(digest.digest()), file.fingerprint());
    data.put("b", new byte[] {3});
    assertNotEquals(file.fingerprint(), new OnnxFile("m", new byte[] {9}, data).fingerprint());
    assertEquals(
        file.fingerprint(),
        new OnnxFile("other name", new byte[] {9}, file.externalData()).fingerprint());
  }
}
