package io.unroll.model.onnx;

import java.util.Collection;

/** The values of a loop's body by name. */
interface BodyScope {

  /** Gives a value its name. */
  void put(String name, Value value);

  /** The value of that name, in the body or around the loop. */
  Value value(String name);

  /** Runs the nodes that these values need. */
  void compute(Collection<String> names);
}
