package io.unroll.model.cell;

/** A node with state: {@code h_t = f(h_{t-1}, x_t)}. */
public sealed interface Cell extends Node permits RnnCell, LstmCell, GruCell, Window {}
