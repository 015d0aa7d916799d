package io.unroll.connectors.format.json;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.Formats;
import io.unroll.connectors.format.OutputTable;
import io.unroll.connectors.format.RecordLook;
import io.unroll.connectors.format.RecordReader;
import io.unroll.connectors.format.RecordWriter;
import io.unroll.connectors.format.WantedFields;
import java.util.List;

/** One JSON object per record; in a file one per line. */
public record JsonFormat() implements Format {

  @Override
  public String name() {
    return Formats.JSON;
  }

  @Override
  public String title() {
    return "JSON";
  }

  @Override
  public RecordReader reader(WantedFields wanted) {
    return new JsonReader(wanted);
  }

  @Override
  public RecordLook look(List<FieldPath> paths) {
    return new JsonLook(paths);
  }

  @Override
  public boolean isWritten() {
    return true;
  }

  @Override
  public <T> RecordWriter<T> writer(OutputTable<T> table) {
    return new JsonWriter<>(table);
  }

  @Override
  public String suffix() {
    return ".jsonl";
  }
}
