/** ONNX Runtime at its best, and a broker. Only with the profile peers. Uses peer and network. */
@NullMarked
package io.unroll.bench.peers;

import org.jspecify.annotations.NullMarked;
