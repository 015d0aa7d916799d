package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import com.google.protobuf.ByteString;
import io.unroll.model.cell.CellFunction;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.CellAttributes;
import io.unroll.model.kernel.CellAttributes.Flag;
import io.unroll.model.kernel.CellForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which cell the attributes of a recurrent node ask for: those that its form declares. Where ONNX's
 * text and ONNX Runtime differ and no published case decides:
 *
 * <ul>
 *   <li>clip does not bound the cell state on its way into an LSTM's h, as in ONNX Runtime
 *       (microsoft/onnxruntime#27224); the text has it bound "the input of activations".
 *   <li>An alpha or beta that is missing is the default of ONNX's operator of that name, as the
 *       text says; ONNX Runtime takes 0 for ThresholdedRelu, and 0 for everything in RNN. Affine
 *       and ScaledTanh have no such operator, so theirs must be there.
 *   <li>alpha and beta go, in order, to the functions that have one, and surplus is ignored, as in
 *       ONNX Runtime.
 *   <li>Names are taken in any case; ONNX Runtime's RNN silently takes Tanh for a name in another
 *       case.
 * </ul>
 */
final class RecurrentForm {
  private RecurrentForm() {}

  /**
   * The form that a node asks for.
   *
   * @param standard what its operator means without attributes
   * @param peepholes (gates · neurons), empty for none
   */
  static CellForm read(Call call, CellForm standard, float[] peepholes) {
    CellAttributes declared = standard.attributes();
    List<Flag> flags = new ArrayList<>();
    for (Flag flag : declared.flags()) {
      Flag given = flag.as(call.integer(flag.name(), 0) != 0);
      refuseDefect(call, given);
      flags.add(given);
    }
    List<Activation> activations = activations(call, declared.activations());
    return standard.with(new CellAttributes(activations, clip(call), flags, peepholes));
  }

  private static void refuseDefect(Call call, Flag flag) {
    boolean resetsBefore = flag.name().equals("linear_before_reset") && !flag.set();
    if (resetsBefore && call.around().producer().matches("pytorch( .*)?")) {
      throw new Refusal(
          "linear_before_reset=0 from producer "
              + call.around().producer()
              + "; PyTorch's GRU is always 1 (an exporter defect)."
              + " Export with dynamo=False or a newer PyTorch.");
    }
  }

  private static float clip(Call call) {
    float clip = call.number("clip", Float.POSITIVE_INFINITY);
    if (!(clip > 0)) {
      throw new Refusal("clip is " + clip + ", expected above 0");
    }
    return clip;
  }

  private static List<Activation> activations(Call call, List<Activation> standard) {
    List<String> names = names(call);
    // RNN's default in ONNX's schema is [Tanh, Tanh], whatever the directions: some files write it.
    boolean both = standard.size() == 1 && names.size() == 2;
    if (!names.isEmpty() && names.size() != standard.size() && !both) {
      throw new Refusal(
          "activations %s, expected %d, as in %s"
              .formatted(
                  names,
                  standard.size(),
                  standard.stream().map(f -> CellFunction.of(f.function()).onnxName()).toList()));
    }
    Iterator<Float> alphas = numbers(call, "activation_alpha");
    Iterator<Float> betas = numbers(call, "activation_beta");
    List<Activation> activations = new ArrayList<>();
    for (int i = 0; i < standard.size(); i++) {
      CellFunction f =
          names.isEmpty() ? CellFunction.of(standard.get(i).function()) : function(names.get(i));
      float alpha = f.hasAlpha() ? value(f, f.alpha(), alphas, "alpha") : 0;
      float beta = f.hasBeta() ? value(f, f.beta(), betas, "beta") : 0;
      activations.add(new Activation(f.function(), alpha, beta));
    }
    return activations;
  }

  private static CellFunction function(String name) {
    CellFunction known = CellFunction.named(name);
    if (known == null) {
      throw new Refusal(
          "activation '%s', supported are %s"
              .formatted(
                  name,
                  Arrays.stream(CellFunction.values())
                      .map(CellFunction::onnxName)
                      .collect(Collectors.joining(", "))));
    }
    return known;
  }

  private static float value(
      CellFunction f, @Nullable Float otherwise, Iterator<Float> given, String attribute) {
    if (given.hasNext()) {
      return given.next();
    }
    if (otherwise == null) {
      throw new Refusal(
          "activation %s without a value in activation_%s, for which ONNX has no default"
              .formatted(f.onnxName(), attribute));
    }
    return otherwise;
  }

  private static List<String> names(Call call) {
    AttributeProto a = call.attribute("activations");
    return a == null
        ? List.of()
        : a.getStringsList().stream().map(ByteString::toStringUtf8).toList();
  }

  private static Iterator<Float> numbers(Call call, String attribute) {
    AttributeProto a = call.attribute(attribute);
    return a == null ? List.<Float>of().iterator() : a.getFloatsList().iterator();
  }
}
