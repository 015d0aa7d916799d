/**
 * A pipeline in names: the keys that it is written with, the checks of what was written, and what
 * the operator is told of it. Every door (the pipeline file, Java) writes the same description.
 */
@NullMarked
package io.unroll.job.describe;

import org.jspecify.annotations.NullMarked;
