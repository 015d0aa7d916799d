package io.unroll.job.operator;

import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Norm;
import io.unroll.job.life.Order;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.Transform;
import io.unroll.job.signature.Line;
import io.unroll.job.signature.Signature;
import io.unroll.model.RecurrentModel;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What of an operator's configuration its series cannot be without, as a pipeline signature. */
public final class Signatures {
  /** Hex digits that tell one model or table from another: as many as a series' state has. */
  private static final int DIGITS = 16;

  private static final int MOST_DIGITS = 17;

  private Signatures() {}

  /**
   * The whole signature: that of the configuration's {@link SequenceConfig#input}, and behind it
   * what every door knows.
   *
   * @param decoder the network that runs on its own output; null without
   */
  public static Signature of(
      SequenceConfig config, RecurrentModel model, @Nullable RecurrentModel decoder) {
    List<Line> lines = new ArrayList<>();
    List<String> truths = new ArrayList<>();
    int index = 0;
    for (Feature feature : config.features()) {
      if (feature.source() instanceof Feature.Source.Truth) {
        truths.add(feature.name());
      } else {
        lines.add(Line.of("features[" + index++ + "]", inWords(feature)));
      }
    }
    lines.add(
        Line.of(
            "sequence.window",
            config.window() == SequenceConfig.STATEFUL ? Line.NONE : config.window()));
    lines.add(Line.of("sequence.order", config.order().label()));
    // An observation that is held back has their values behind those of the features.
    lines.add(Line.held("evaluate.against", config.order() == Order.EVENT_TIME, truths));
    lines.add(Line.of("model", id(model)));
    // Nothing of it is in the state, but both networks are trained together: it may come or go.
    lines.add(
        Line.held(
            "model.decoder", decoder != null, decoder == null ? List.of() : List.of(id(decoder))));
    return config.input().and(Signature.of(lines));
  }

  private static String id(RecurrentModel model) {
    return model.name() + "@" + model.fingerprint().substring(0, DIGITS);
  }

  /** {@code price (log-return × 100, missing previous)}. */
  private static String inWords(Feature feature) {
    if (feature.source() instanceof Feature.Source.TimeDelta delta) {
      return "time-delta in " + delta.unitMillis() + " ms";
    }
    if (feature.source() instanceof Feature.Source.Clock clock) {
      return "clock " + clock.calendar().cycle().label() + " in " + clock.calendar().zone();
    }
    List<String> done = new ArrayList<>();
    Transform transform = feature.transform();
    if (!transform.equals(Transform.NONE)) {
      done.add(
          transform.kind().label()
              + (transform.times() == 1 ? "" : " × " + number(transform.times())));
    }
    if (!feature.scale().equals(Scale.NONE)) {
      done.add(inWords(feature.scale()));
    }
    if (!feature.missing().equals(Missing.REJECT)) {
      done.add(inWords(feature.missing()));
    }
    return feature.name() + (done.isEmpty() ? "" : " (" + String.join(", ", done) + ")");
  }

  private static String inWords(Scale scale) {
    if (scale instanceof Scale.Constant constant) {
      return "scale mean %s std %s"
          .formatted(number(constant.norm().mean()), number(constant.norm().std()));
    }
    if (scale instanceof Scale.Online online) {
      return "scale online"
          + (online.halfLife() == Scale.Online.FOREVER
              ? ""
              : " half-life " + number(online.halfLife()));
    }
    if (scale instanceof Scale.Table table) {
      return "scale from a table of %d series with digest %s"
          .formatted(table.bySeries().size(), digest(table));
    }
    return Line.NONE;
  }

  private static String inWords(Missing missing) {
    return switch (missing.kind()) {
      case REJECT -> "missing reject";
      case PREVIOUS -> "missing previous";
      case MASK -> "missing mask";
      case VALUE -> "missing " + number(missing.value());
    };
  }

  /** A table has any number of rows and no order, so a digest stands for it. */
  private static String digest(Scale.Table table) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Map.Entry<String, Norm> row : new TreeMap<>(table.bySeries()).entrySet()) {
        byte[] series = row.getKey().getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, series.length));
        digest.update(series);
        digest.update(bytes(row.getValue()));
      }
      if (table.standard() != null) {
        digest.update(bytes(table.standard()));
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) { // every JVM has it
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(Norm norm) {
    return ByteBuffer.allocate(2 * Double.BYTES)
        .putDouble(norm.mean())
        .putDouble(norm.std())
        .array();
  }

  /**
   * The shortest decimal that is this number. Not {@link Double#toString}, whose digits are others
   * from Java 19 on: a signature outlives its JVM.
   */
  private static String number(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < MOST_DIGITS; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (rounded.doubleValue() == value) {
        return inWords(rounded);
      }
    }
    return inWords(exact.round(new MathContext(MOST_DIGITS)));
  }

  private static String inWords(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return Math.abs(stripped.scale()) > MOST_DIGITS
        ? stripped.toString()
        : stripped.toPlainString();
  }
}
