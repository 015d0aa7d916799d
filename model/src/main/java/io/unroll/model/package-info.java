/** The door: one step of a recurrent network. Uses kernel, cell, export and EJML. */
@NullMarked
package io.unroll.model;

import org.jspecify.annotations.NullMarked;
