package io.unroll.job.operator;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.provider.MethodSource;

/** A parameterized test of state: once on each of {@link SequenceHarness.Backend#tested}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@MethodSource("io.unroll.job.operator.SequenceHarness$Backend#tested")
@interface OnBackends {}
