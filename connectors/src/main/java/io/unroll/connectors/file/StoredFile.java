package io.unroll.connectors.file;

import java.io.IOException;
import java.io.InputStream;
import org.apache.flink.api.common.io.compression.InflaterInputStreamFactory;
import org.apache.flink.connector.file.src.compression.StandardDeCompressors;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** The bytes of a file, unpacked where its name says that it is packed. */
final class StoredFile {
  private StoredFile() {}

  static boolean isPacked(Path file) {
    return StandardDeCompressors.getDecompressorForFileName(file.getPath()) != null;
  }

  /** The unpacked bytes of {@code file} from {@code offset} on. */
  static InputStream open(Path file, long offset) throws IOException {
    FSDataInputStream stored = file.getFileSystem().open(file);
    try {
      @Nullable InflaterInputStreamFactory<?> unpacker =
          StandardDeCompressors.getDecompressorForFileName(file.getPath());
      if (unpacker == null) {
        stored.seek(offset);
        return stored;
      }
      InputStream unpacked = unpacker.create(stored);
      unpacked.skipNBytes(offset);
      return unpacked;
    } catch (IOException e) {
      stored.close();
      throw new IOException(file.getPath() + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      stored.close();
      throw e;
    }
  }

  /** The first bytes of a stream, and then its end. */
  static InputStream atMost(long bytes, InputStream in) {
    return new InputStream() {
      private long left = bytes;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int from, int count) throws IOException {
        if (left == 0) {
          return -1;
        }
        int read = in.read(into, from, (int) Math.min(count, left));
        left -= Math.max(0, read);
        return read;
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }
}
