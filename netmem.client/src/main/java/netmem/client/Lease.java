package netmem.client;

/**
 * How long a session's locks are certainly held, on this client's own monotonic clock. Counted from the time when the
 * newest request was first sent that the server is known to have received: the server cannot have begun its term
 * before. One percent is taken off for clocks that run at different rates. Shared.
 *
 * <pre>
 *   field       access     guard
 *   fromNanos   volatile   written under the client's lock, only ever forward
 *   over        volatile   written once under the client's lock
 * </pre>
 */
final class Lease {
    private static final int RATE_ERROR_PERCENT = 1;

    private final long termNanos;
    private volatile long fromNanos;
    private volatile boolean over;

    Lease(long leaseNanos, long fromNanos) {
        this.termNanos = leaseNanos / 100 * (100 - RATE_ERROR_PERCENT);
        this.fromNanos = fromNanos;
    }

    /** The server has received what was first sent at this time; under the client's lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time
    void heard(long sentNanos) {
        if (sentNanos - fromNanos > 0) {
            fromNanos = sentNanos; // pairs with leftNanos(): whoever decides that a lock is lost sees the newest proof
        }
    }

    /** The session is over: its locks are gone for certain; under the client's lock. */
    void end() {
        over = true; // pairs with leftNanos(): whoever looks for lost locks is woken afterwards
    }

    /** Whether it is certain that the session is over. */
    boolean isOver() {
        return over;
    }

    /** How long locks are certainly held still; 0 or less when the server may have given them to others. */
    long leftNanos(long nowNanos) {
        return over ? 0 : termNanos - (nowNanos - fromNanos);
    }
}
