package io.unroll.connectors.format.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonReadFeature;

/**
 * The JSON of records: RFC 8259, and bare {@code NaN}, {@code Infinity} and {@code -Infinity},
 * which Python's {@code json} writes. NaN is no value; an infinite one is broken wherever it is
 * wanted.
 */
final class JsonGrammar {
  private JsonGrammar() {}

  /** Field names are looked up by value, so interning them would only fill the JVM's table. */
  static JsonFactory factory() {
    return JsonFactory.builder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        .build();
  }
}
