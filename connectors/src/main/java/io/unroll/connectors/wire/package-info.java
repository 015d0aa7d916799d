/**
 * How records cross Flink's network: serializers that write a record's bytes in one go. Uses Flink;
 * knows no record.
 */
@NullMarked
package io.unroll.connectors.wire;

import org.jspecify.annotations.NullMarked;
