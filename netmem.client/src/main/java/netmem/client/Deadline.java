package netmem.client;

import java.util.concurrent.TimeUnit;

/**
 * When a call began and how long it may take, on the monotonic clock. Pure value.
 *
 * @param startNanos as System.nanoTime
 * @param limitNanos from the start
 */
record Deadline(long startNanos, long limitNanos) {
    /** Nanoseconds left; negative when it has passed. */
    long leftNanos(long nowNanos) {
        return limitNanos - (nowNanos - startNanos);
    }

    /** What a server is told to wait at most: milliseconds left, rounded up so that it does not give up early. */
    int leftMillis(long nowNanos) {
        long left = Math.max(0, leftNanos(nowNanos));
        return (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
    }

    String passed(long nowNanos) {
        return "no answer within " + spent(nowNanos);
    }

    /** The limit and what has passed of it, for messages. */
    String spent(long nowNanos) {
        return TimeUnit.NANOSECONDS.toMillis(limitNanos) + " ms (elapsed "
                + TimeUnit.NANOSECONDS.toMillis(nowNanos - startNanos) + " ms)";
    }
}
