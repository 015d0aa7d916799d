/** The nodes of one step: recurrent cells and the dense nodes around them. Uses kernel. */
@NullMarked
package io.unroll.model.cell;

import org.jspecify.annotations.NullMarked;
