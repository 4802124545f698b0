package netmem.client;

import java.util.concurrent.TimeUnit;

/**
 * When the keeper must look for callers whose time is over. Callers on virtual threads park without a timer of their own: each
 * would cost the JDK a task, and often a wake-up of the thread that runs them, for an answer that takes microseconds. Written under
 * the client's lock; read by the keeper.
 *
 * <p>The instant is never after the end of a call that counts on it. It may be too early, since who is answered does not put
 * it off: then the keeper looks once for nothing, and knows better.
 */
final class Alarm {
    private static final long NANOS_MAX = TimeUnit.MINUTES.toNanos(1);

    private volatile long nanos = System.nanoTime();

    /** A caller counts on it; true when the keeper would look too late. */
    boolean expect(long endNanos) {
        boolean earlier = endNanos - nanos < 0;
        if (earlier) {
            nanos = endNanos; // pairs with leftNanos(): the keeper is woken afterwards
        }
        return earlier;
    }

    /** How long the keeper may rest; negative when it must look. */
    long leftNanos(long nowNanos) {
        return nanos - nowNanos; // pairs with expect()
    }

    /** The keeper has looked: nobody's time is over before this instant, or within a minute. */
    void looked(long nowNanos, long firstLeftNanos) {
        nanos = nowNanos + Math.min(NANOS_MAX, firstLeftNanos);
    }
}
