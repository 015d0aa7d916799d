/** The machine's own limit, by the Vector API: compiled apart, because javac warns of it. */
package io.unroll.bench.limit;
