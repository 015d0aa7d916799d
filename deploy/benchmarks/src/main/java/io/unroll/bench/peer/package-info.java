/** What Unroll is compared with, found by ServiceLoader: there only with the profile peers. */
@NullMarked
package io.unroll.bench.peer;

import org.jspecify.annotations.NullMarked;
