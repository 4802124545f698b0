package netmem.client;

import java.util.concurrent.TimeUnit;

/**
 * Wakes callers on virtual threads whose time is over. They park without a timer of their own: each would cost the JDK a
 * task, and often a wake-up of the thread that runs them, for an answer that takes microseconds. Instead the keeper looks at
 * all calls when the first of them may be late. Shared.
 *
 * <p>The instant at which it looks is never after the end of a call that counts on it. It may be too early, since who is
 * answered does not put it off: then the keeper looks once for nothing, and knows better.
 *
 * <pre>
 *   field   access     guard
 *   nanos   volatile   written under the client's lock; read by the keeper
 * </pre>
 */
final class Alarm {
    private static final long NANOS_MAX = TimeUnit.MINUTES.toNanos(1);

    private final Exchange exchange;
    private volatile long nanos = System.nanoTime();

    Alarm(Exchange exchange) {
        this.exchange = exchange;
    }

    /** A caller on a virtual thread counts on being woken when its time is over; under the lock, before it parks. */
    void expect(Call<?> call) {
        if (call.hasNoTimer() && call.endNanos() - nanos < 0) {
            nanos = call.endNanos(); // pairs with leftNanos(): the keeper is woken afterwards
            exchange.wakeKeeper();
        }
    }

    /** Wakes those whose time is over; returns how long the keeper may rest. Called by the keeper. */
    long ring(long nowNanos) {
        if (leftNanos(nowNanos) <= 0) {
            exchange.lock.lock();
            try {
                nanos = nowNanos + Math.min(NANOS_MAX, exchange.core.wakeLate(nowNanos));
            } finally {
                exchange.lock.unlock();
            }
        }
        return leftNanos(nowNanos);
    }

    private long leftNanos(long nowNanos) {
        return nanos - nowNanos; // pairs with expect()
    }
}
