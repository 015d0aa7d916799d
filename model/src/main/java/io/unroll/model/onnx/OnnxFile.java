package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An ONNX model as bytes, with the weights that stand in files beside it: what travels in a job
 * from where it is submitted to where it runs. Immutable.
 */
public final class OnnxFile implements Serializable {
  private static final long serialVersionUID = 1;
  private static final String SUFFIX = ".onnx";

  /** Of a model and its external data together: they travel in a job. */
  private static final long MAX_BYTES = 1L << 29;

  private final String name;
  private final byte[] model;
  private final TreeMap<String, byte[]> externalData;
  private final @Nullable String output;
  private final TreeMap<String, String> states;
  private final boolean stateful;

  /**
   * @param name for people: the file's name without .onnx
   * @param model the file's bytes
   * @param externalData the bytes of the files that the model names, by the name it uses
   */
  public OnnxFile(String name, byte[] model, Map<String, byte[]> externalData) {
    this.name = name;
    this.model = model.clone();
    this.externalData = new TreeMap<>();
    externalData.forEach((file, bytes) -> this.externalData.put(file, bytes.clone()));
    output = null;
    states = new TreeMap<>();
    stateful = false;
  }

  /** The same bytes, read another way. */
  private OnnxFile(
      OnnxFile file, @Nullable String output, Map<String, String> states, boolean stateful) {
    name = file.name;
    model = file.model;
    externalData = file.externalData;
    this.output = output;
    this.states = new TreeMap<>(states);
    this.stateful = stateful;
  }

  /**
   * A model as a file over whole sequences, as {@link RecurrentModel#onnx} writes it. Reading the
   * file gives a network with the same numbers, step by step, to the bit.
   *
   * @throws IllegalArgumentException when the network cannot be written so; says which node and why
   */
  public static OnnxFile of(RecurrentModel model) {
    return new OnnxFile(model.name(), model.onnx(), Map.of());
  }

  /** This file, of which {@link #read} follows the graph output of that name, not the first. */
  public OnnxFile withOutput(String graphOutput) {
    return new OnnxFile(this, graphOutput, states, stateful);
  }

  /**
   * This file, whose graph is one step: each graph input named starts from zero, and takes the
   * graph output named beside it at the next step. Such a graph needs no recurrent node.
   *
   * @param named the input of each state to the output that is its next value
   */
  public OnnxFile withStates(Map<String, String> named) {
    return new OnnxFile(this, output, named, stateful);
  }

  /**
   * This file, whose recurrent layers keep their state along the stream, even where the file says
   * that they run along another axis than time: along one that it names batch, or one that the
   * graph made for a single step. Without it such a file is refused. The fingerprint stays, since
   * such a file can be read in no other way.
   */
  public OnnxFile stateful() {
    return new OnnxFile(this, output, states, true);
  }

  /**
   * Reads a file and the external data that it names. External data must lie in the file's own
   * folder (or below it), also after links are followed.
   *
   * @throws IOException when a file cannot be read
   * @throws OnnxException when the file is not ONNX, or names external data elsewhere
   */
  public static OnnxFile load(Path path) throws IOException, OnnxException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new OnnxException(path + ": found a folder or a device, expected an ONNX file");
    }
    String file = String.valueOf(path.getFileName());
    String name = file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
    byte[] model = bytes(path, path.toString(), MAX_BYTES);
    TreeSet<String> locations = new TreeSet<>();
    eachTensor(parse(name, model).getGraph(), tensor -> collect(tensor, locations));
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null) {
      throw new OnnxException(path + ": not a file");
    }
    Map<String, byte[]> externalData = new TreeMap<>();
    long room = MAX_BYTES - model.length;
    for (String location : locations) {
      byte[] data = external(name, folder.toRealPath(), location, room);
      room -= data.length;
      externalData.put(location, data);
    }
    return new OnnxFile(name, model, externalData);
  }

  private static byte[] bytes(Path file, String what, long room, OpenOption... options)
      throws IOException, OnnxException {
    long size = Files.size(file);
    if (size > room) {
      throw new OnnxException(
          "%s: %d bytes; a model and its external data have at most %d"
              .formatted(what, size, MAX_BYTES));
    }
    try (InputStream in = Files.newInputStream(file, options)) {
      // Not to the end of the file: it may grow, and some say 0 and never end.
      return in.readNBytes((int) size);
    }
  }

  /**
   * The place is checked on the path without links, and that path is the one that is opened,
   * without following a link that has taken its last part's place in the meantime.
   */
  private static byte[] external(String name, Path folder, String location, long room)
      throws IOException, OnnxException {
    String what = name + ": external data '" + location + "'";
    String outside = what + " is not in the model's own folder; it is not read";
    try {
      Path place = Path.of(location).normalize();
      if (location.isEmpty() || place.isAbsolute() || place.startsWith("..")) {
        throw new OnnxException(outside);
      }
      Path file = folder.resolve(place).toRealPath();
      if (!file.startsWith(folder)) {
        throw new OnnxException(outside);
      }
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new OnnxException(what + " is a folder, a pipe or a device; it is not read");
      }
      return bytes(file, what, room, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      throw new OnnxException(what + " is missing beside the model; copy both files", e);
    } catch (FileSystemException e) {
      throw new OnnxException(what + " cannot be read: " + reason(e), e);
    } catch (InvalidPathException e) {
      throw new OnnxException(outside, e);
    }
  }

  private static String reason(FileSystemException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission";
    }
    return e.getReason() == null ? "the file system refuses it" : e.getReason();
  }

  /** Every tensor that stands in the graph: initializers and attributes, in loops' bodies too. */
  static void eachTensor(GraphProto graph, Consumer<TensorProto> then) {
    graph.getInitializerList().forEach(then);
    for (NodeProto node : graph.getNodeList()) {
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasT()) {
          then.accept(attribute.getT());
        }
        if (attribute.hasG()) { // a loop's body; protobuf bounds how deep
          eachTensor(attribute.getG(), then);
        }
      }
    }
  }

  private static void collect(TensorProto tensor, Set<String> locations) {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      for (StringStringEntryProto entry : tensor.getExternalDataList()) {
        if (entry.getKey().equals("location")) {
          locations.add(entry.getValue());
        }
      }
    }
  }

  static ModelProto parse(String name, byte[] bytes) throws OnnxException {
    try {
      ModelProto model = ModelProto.parseFrom(bytes);
      if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
        throw new OnnxException(
            name + ": not an ONNX model: no graph in " + bytes.length + " bytes");
      }
      return model;
    } catch (InvalidProtocolBufferException e) {
      throw new OnnxException(
          name
              + ": not an ONNX model, or a damaged one ("
              + bytes.length
              + " bytes): "
              + e.getMessage(),
          e);
    }
  }

  /**
   * Writes the bytes to that path, and the files that the model names beside it. As with {@link
   * Files#copy}, what exists already is refused unless {@link StandardCopyOption#REPLACE_EXISTING}
   * is given. Nobody finds half a file: each is written under another name first.
   *
   * <p>Output and states that were chosen for reading are not in the bytes.
   *
   * @return the path
   * @throws java.nio.file.FileAlreadyExistsException when a file exists
   * @throws IOException when a file cannot be written, or lies outside the path's own folder
   */
  public Path save(Path path, CopyOption... options) throws IOException {
    Path target = path.toAbsolutePath().normalize();
    Path folder = target.getParent();
    if (folder == null) {
      throw new IOException(path + ": not a file");
    }
    Map<Path, byte[]> files = new LinkedHashMap<>(); // the model last: when it is there, all is
    for (Map.Entry<String, byte[]> external : externalData.entrySet()) {
      Path file = folder.resolve(external.getKey()).normalize();
      if (!file.startsWith(folder) || file.equals(target)) {
        throw new IOException(
            name
                + ": external data '"
                + external.getKey()
                + "' does not go beside the model; it is not written");
      }
      files.put(file, external.getValue());
    }
    files.put(target, model);
    if (!List.of(options).contains(StandardCopyOption.REPLACE_EXISTING)) {
      for (Path file : files.keySet()) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
          throw new FileAlreadyExistsException(file.toString());
        }
      }
    }
    for (Map.Entry<Path, byte[]> file : files.entrySet()) {
      write(file.getKey(), file.getValue(), options);
    }
    return path;
  }

  private static void write(Path file, byte[] bytes, CopyOption... options) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent());
    Files.createDirectories(folder);
    // Not a temporary file, which nobody but its owner may read.
    Path whole = folder.resolve("." + UUID.randomUUID() + ".part");
    try {
      Files.write(whole, bytes, StandardOpenOption.CREATE_NEW);
      Files.move(whole, file, options);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  /** The file's name without .onnx. */
  public String name() {
    return name;
  }

  /** The file's bytes. */
  public byte[] model() {
    return model.clone();
  }

  /** The graph output that is followed; null for the first. */
  @Nullable String output() {
    return output;
  }

  /** The graph inputs that are states, to the outputs that are their next values. */
  public SortedMap<String, String> states() {
    return Collections.unmodifiableSortedMap(states);
  }

  /** The bytes of the files that the model names, by the name it uses, sorted. */
  public SortedMap<String, byte[]> externalData() {
    TreeMap<String, byte[]> copy = new TreeMap<>();
    externalData.forEach((file, bytes) -> copy.put(file, bytes.clone()));
    return Collections.unmodifiableSortedMap(copy);
  }

  /**
   * SHA-256 as 64 lower-case hex digits: over the model's bytes, then for each external file in the
   * order of their names the name (UTF-8), a zero byte and the file's bytes; then, where they are
   * given, the output's name and the states' names, since they make it another model.
   */
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(model);
      externalData.forEach(
          (file, bytes) -> {
            digest.update(file.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(bytes);
          });
      if (output != null) {
        digest.update(("\0output\0" + output).getBytes(StandardCharsets.UTF_8));
      }
      states.forEach(
          (in, out) ->
              digest.update(("\0state\0" + in + "\0" + out).getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The network over one step, on the fastest kernel of this JVM.
   *
   * @throws OnnxException when the file is damaged or the network cannot be streamed
   */
  public RecurrentModel read() throws OnnxException {
    return read(Kernels.best());
  }

  /**
   * As {@link #read()}, on a kernel of one's choice.
   *
   * @throws OnnxException when the file is damaged or the network cannot be streamed
   */
  public RecurrentModel read(Kernel kernel) throws OnnxException {
    return reader(kernel).read();
  }

  Reader reader(Kernel kernel) throws OnnxException {
    return new Reader(
        kernel, name, fingerprint(), parse(name, model), externalData, output, states, stateful);
  }
}
