package netmem.client;

import java.util.concurrent.TimeUnit;

/**
 * Decides when to send a PING and when a silent connection is given up; time comes as argument. Confined to the
 * client's lock.
 *
 * <p>What is heard is bytes, not frames: a long frame over a slow link takes its time. It is looked for now and then, so that it
 * counts as heard when it was looked for, a quarter of the probing time late at most.
 *
 * <p>A PING goes out when nothing was sent for a third of the lease, and when something is unanswered and nothing came
 * for the shorter of that and 1 s. When nothing comes for twice that time after a PING, the connection is dropped: with
 * a lease of 10 s a dead server is noticed after 3 s.
 */
final class Liveness {
    enum Verdict {
        FINE,
        PING,
        DROP
    }

    private static final long PROBE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    private long heartbeatNanos = Long.MAX_VALUE;
    private long probeNanos = PROBE_NANOS_MAX;
    private long sentNanos;
    private long receivedNanos;
    private long silentSinceNanos;
    private long pingNanos;

    /** A connection is open. */
    void connected(long leaseNanos, long nowNanos) {
        heartbeatNanos = leaseNanos / 3;
        probeNanos = Math.min(heartbeatNanos, PROBE_NANOS_MAX);
        sentNanos = nowNanos;
        receivedNanos = nowNanos;
        silentSinceNanos = nowNanos;
        pingNanos = nowNanos;
    }

    /** A frame was sent; the first one after all were answered starts the watch. */
    void sent(boolean firstUnanswered, long nowNanos) {
        sentNanos = nowNanos;
        if (firstUnanswered) {
            silentSinceNanos = nowNanos;
        }
    }

    void pinged(long nowNanos) {
        pingNanos = nowNanos;
    }

    void received(long nowNanos) {
        receivedNanos = nowNanos;
        silentSinceNanos = nowNanos;
    }

    Verdict judge(boolean unanswered, boolean pingUnanswered, long nowNanos) {
        if (pingUnanswered) {
            long heard = pingNanos - receivedNanos > 0 ? pingNanos : receivedNanos;
            return nowNanos - heard >= 2 * probeNanos ? Verdict.DROP : Verdict.FINE;
        }
        boolean quiet = nowNanos - sentNanos >= heartbeatNanos;
        boolean silent = unanswered && nowNanos - silentSinceNanos >= probeNanos;
        return quiet || silent ? Verdict.PING : Verdict.FINE;
    }

    /** How long nothing can become due. */
    long restNanos() {
        return Math.max(1, probeNanos / 4);
    }
}
