package io.unroll.connectors.format;

import java.util.List;

/**
 * A name of an output, with what is the same for every record.
 *
 * @param name of a column or a group
 * @param inRows true if rows have a place for it
 * @param labels the texts that a record has one of; empty where it has any text, or something else
 */
public record Column(String name, boolean inRows, List<String> labels) {
  public Column {
    labels = List.copyOf(labels);
  }
}
