package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.unroll.model.GoldenCase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnnxFileTest {
  private static final String CASE = "golden/11-torch-default-exporter-lstm-2layer/";

  @TempDir Path folder;

  private Path write(byte[] model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model);
  }

  private static byte[] withLocation(String location) throws IOException {
    return withExternal("location", location);
  }

  private static byte[] withExternal(String key, String value) throws IOException {
    ModelProto.Builder model =
        ModelProto.parseFrom(GoldenCase.bytes(CASE + "model.onnx")).toBuilder();
    for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
      for (StringStringEntryProto.Builder entry : tensor.getExternalDataBuilderList()) {
        if (entry.getKey().equals(key)) {
          entry.setValue(value);
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

  /** Opening a pipe would wait for a writer that never comes, so it must not be opened. */
  @Test
  void whatIsNoFileOfTheFolderIsNotOpened() throws IOException, InterruptedException {
    Path inside = Files.createDirectories(folder.resolve("inside"));
    Path outside = Files.createDirectories(folder.resolve("outside"));
    for (Path pipe : List.of(inside.resolve("pipe"), outside.resolve("pipe"))) {
      assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    }
    Files.createSymbolicLink(inside.resolve("to-pipe"), outside.resolve("pipe"));
    Files.createSymbolicLink(inside.resolve("to-device"), Path.of("/dev/zero"));
    Files.createSymbolicLink(inside.resolve("to-folder"), outside);
    Files.createSymbolicLink(inside.resolve("loop"), inside.resolve("loop"));
    Files.createDirectories(inside.resolve("a-folder"));
    Path file = inside.resolve("model.onnx");
    for (String location :
        List.of(
            "/etc/passwd",
            "/dev/zero",
            "..",
            "../outside/pipe",
            "a-folder/../../outside/pipe",
            "to-pipe",
            "to-device",
            "to-folder",
            "to-folder/pipe",
            "",
            "a\0b")) {
      Files.write(file, withLocation(location));
      refused(
          "model: external data '"
              + location.replace('\0', '?')
              + "' is not in the model's own folder; it is not read",
          file);
    }
    for (String location : List.of("pipe", "a-folder", ".")) {
      Files.write(file, withLocation(location));
      refused(
          "model: external data '" + location + "' is a folder, a pipe or a device; it is not read",
          file);
    }
    for (String location : List.of("loop", "n".repeat(400))) {
      Files.write(file, withLocation(location));
      String message =
          assertThrows(OnnxException.class, () -> OnnxFile.load(file).read()).getMessage();
      assertTrue(
          String.valueOf(message)
              .startsWith("model: external data '" + location + "' cannot be read: "),
          message);
    }
    refused(
        inside.resolve("pipe") + ": found a folder or a device, expected an ONNX file",
        inside.resolve("pipe"));
  }

  /** The folder is where the file is found, links in its path followed, not where it seems. */
  @Test
  void aModelReachedThroughALinkHasItsDataBesideIt() throws IOException, OnnxException {
    Path real = Files.createDirectories(folder.resolve("store/v1"));
    Files.write(real.resolve("model.onnx"), GoldenCase.bytes(CASE + "model.onnx"));
    Files.write(real.resolve("model.onnx.data"), GoldenCase.bytes(CASE + "model.onnx.data"));
    Files.createSymbolicLink(folder.resolve("current"), real);
    assertEquals(5, OnnxFile.load(folder.resolve("current/model.onnx")).read().inputSize());
    Files.createSymbolicLink(folder.resolve("data"), real.resolve("model.onnx.data"));
    Files.write(folder.resolve("model.onnx"), withLocation("data"));
    assertEquals(5, OnnxFile.load(folder.resolve("model.onnx")).read().inputSize());
    assertEquals(5, OnnxFile.load(folder.resolve("current/../../model.onnx")).read().inputSize());
  }

  @Test
  void offsetsAndLengthsBeyondTheFile() throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.write(folder.resolve("model.onnx.data"), GoldenCase.bytes(CASE + "model.onnx.data"));
    for (String[] bad :
        new String[][] {
          {
            "offset",
            "99999999",
            "bytes 99999999 to 100001119 of 'model.onnx.data', which has 11424; expected 1120 bytes"
          },
          {"offset", "-1", "external data at '-1', expected a whole number"},
          {
            "offset",
            "9".repeat(30),
            "external data at '" + "9".repeat(30) + "', expected a whole number"
          },
          {
            "length",
            "4",
            "bytes 896 to 900 of 'model.onnx.data', which has 11424; expected 1120 bytes"
          },
          {
            "length",
            "9".repeat(18),
            "bytes 896 to 1000000000000000895 of 'model.onnx.data', which has 11424; expected 1120 bytes"
          }
        }) {
      Files.write(file, withExternal(bad[0], bad[1]));
      refused("LSTM 'node_LSTM_68': tensor 'val_44': " + bad[2], file);
    }
  }

  /** Sparse files: nothing of them is read. */
  @Test
  void filesOfManyGigabytesAreNotRead() throws IOException {
    Path data = folder.resolve("model.onnx.data");
    try (RandomAccessFile huge = new RandomAccessFile(data.toFile(), "rw")) {
      huge.setLength(1L << 40);
    }
    refused(
        "model: external data 'model.onnx.data': 1099511627776 bytes; a model and its external data have at most 536870912",
        write(GoldenCase.bytes(CASE + "model.onnx")));
    refused(
        data + ": 1099511627776 bytes; a model and its external data have at most 536870912", data);
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

  @Test
  void isSavedWithItsDataAndLoadedAgain() throws IOException, OnnxException {
    OnnxFile onnx = GoldenCase.load("11-torch-default-exporter-lstm-2layer").onnx();
    Path file = onnx.save(folder.resolve("new").resolve("saved.onnx"));
    assertEquals(folder.resolve("new").resolve("saved.onnx"), file);
    OnnxFile loaded = OnnxFile.load(file);
    assertEquals("saved", loaded.name());
    assertEquals(onnx.fingerprint(), loaded.fingerprint());
    try (Stream<Path> files = Files.list(folder.resolve("new"))) {
      assertEquals(
          List.of("model.onnx.data", "saved.onnx"),
          files.map(f -> String.valueOf(f.getFileName())).sorted().toList());
    }
    Path ordinary = Files.createFile(folder.resolve("ordinary"));
    assertEquals(
        Files.getPosixFilePermissions(ordinary),
        Files.getPosixFilePermissions(file),
        "others may read it as any file");
  }

  @Test
  void savingOverAFileIsRefusedUnlessAskedFor() throws IOException {
    OnnxFile onnx = GoldenCase.load("11-torch-default-exporter-lstm-2layer").onnx();
    Path data = Files.write(folder.resolve("model.onnx.data"), new byte[] {1});
    Path file = folder.resolve("saved.onnx");
    FileAlreadyExistsException refused =
        assertThrows(FileAlreadyExistsException.class, () -> onnx.save(file));
    assertEquals(data.toString(), refused.getMessage());
    assertFalse(Files.exists(file));
    assertArrayEquals(new byte[] {1}, Files.readAllBytes(data));

    onnx.save(file, StandardCopyOption.REPLACE_EXISTING);
    onnx.save(file, StandardCopyOption.REPLACE_EXISTING);
    assertArrayEquals(onnx.model(), Files.readAllBytes(file));
    assertArrayEquals(onnx.externalData().get("model.onnx.data"), Files.readAllBytes(data));
  }

  @Test
  void dataIsNotSavedOutsideTheFolder() {
    Path file = folder.resolve("inside").resolve("m.onnx");
    for (String location : List.of("../d", "a/../../d", "m.onnx", folder.resolve("d").toString())) {
      OnnxFile onnx = new OnnxFile("m", new byte[] {9}, Map.of(location, new byte[] {1}));
      assertEquals(
          "m: external data '" + location + "' does not go beside the model; it is not written",
          assertThrows(IOException.class, () -> onnx.save(file)).getMessage());
    }
    assertFalse(Files.exists(folder.resolve("inside")));
  }
}
