package netmem.server.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OperationLatencyTest {
    private static final OperationLatency READ =
            new OperationLatency("read", 1_234_567, 900, 1_500, 20_000, 300_000, 4_000_000, 60_000_000_000L);
    private static final OperationLatency READ_MANY = new OperationLatency("read-many", 1, 2, 3, 4, 5, 6, 7);

    @Test
    void among_whatPutIntoWrote_findsTheRows() {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("sessions", 5L);
        READ.putInto(values);
        READ_MANY.putInto(values);
        assertEquals(List.of(READ, READ_MANY), OperationLatency.among(values));
    }

    @Test
    void hasName_otherOperationWithThatPrefix_isFalse() {
        assertTrue(READ.hasName("read-p99-nanos"));
        assertFalse(READ.hasName("read-many-p99-nanos"));
        assertFalse(READ.hasName("readers"));
        assertFalse(READ.hasName("read-errors"));
    }

    @Test
    void lines_rows_areInMicroseconds() {
        assertEquals(
                List.of(
                        "operation              count     p50 us     p90 us     p99 us   p99.9 us  p99.99 us     max us",
                        "read                 1234567        0.9        1.5       20.0      300.0     4000.0 60000000.0"),
                LatencyTable.lines(List.of(READ)));
    }

    @Test
    void lines_nothingServed_saysSo() {
        assertEquals(List.of("no operation was served"), LatencyTable.lines(List.of()));
    }
}
