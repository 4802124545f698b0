package netmem.server.net;

import java.util.LinkedHashMap;
import java.util.Map;
import netmem.server.config.ServerLimits;
import org.jspecify.annotations.Nullable;

/**
 * The memory for what clients have sent of frames that are not complete, of all connections together ({@code
 * incoming-max}). Shared: guarded by its own monitor, inside which nothing else is taken.
 *
 * <p>A frame that a read did not bring whole takes a share of its whole length before more of it is read. So whoever
 * has a share never waits for more: it completes its frame, or runs out of time ({@link FrameWatch}), and either
 * gives the share back. That is why no circle of connections can wait for one another. Who gets no share is not read,
 * and has its turn in the order of asking; what was read of its frame by then is counted beside the shares, so that
 * it cannot keep others from theirs.
 *
 * <p>Short frames and long ones have shares of their own: clients that send the beginnings of long frames do not hold
 * up those whose frames are short.
 */
final class IncomingBudget {
    /** Longer frames are long ones; they are kept in direct memory, the others on the heap. */
    static final int SHORT_BYTES = LoopBuffers.HEADROOM_BYTES;

    private final Pool shortFrames;
    private final Pool longFrames;

    /** Read without the monitor, as a hint. */
    private volatile boolean lacking;

    IncomingBudget(ServerLimits limits) {
        this.shortFrames = new Pool(limits.incomingBytesMax() / 4);
        this.longFrames = new Pool(limits.incomingBytesMax() / 4 * 3);
    }

    /** Direct memory that it takes at most. */
    static long directBytesMax(ServerLimits limits) {
        return limits.incomingBytesMax();
    }

    private static final class Pool {
        final long sharesBytesMax;
        final long besideBytesMax;
        final Map<Share, Long> waiting = new LinkedHashMap<>();
        long sharesBytes;
        long besideBytes;

        Pool(long sharesBytesMax) {
            this.sharesBytesMax = sharesBytesMax;
            this.besideBytesMax = sharesBytesMax / 3;
        }

        boolean fits(long wanted) {
            return sharesBytes + wanted <= sharesBytesMax;
        }
    }

    /** What one connection has. Guarded by the budget's monitor. */
    final class Share {
        private final Runnable granted;
        private @Nullable Pool pool;
        private boolean waits;
        private long bytes;
        private long besideBytes;

        private Share(Runnable granted) {
            this.granted = granted;
        }

        /** Asks for so many bytes in all; false when it has to wait for them. */
        boolean ask(long wanted) {
            return IncomingBudget.this.ask(this, wanted);
        }

        /** Counts what was read before it got its share; false when there is no room for that either. */
        boolean countBeside(long have) {
            return IncomingBudget.this.countBeside(this, have);
        }

        boolean isWaiting() {
            synchronized (IncomingBudget.this) {
                return waits;
            }
        }

        void giveBack() {
            IncomingBudget.this.giveBack(this);
        }
    }

    /**
     * The share of a new connection; {@code granted} is called, on any thread and under the monitor, when it has what
     * it waited for.
     */
    Share share(Runnable granted) {
        return new Share(granted);
    }

    /** Whether connections wait; what is read then is read in small pieces. */
    boolean isLacking() {
        return lacking;
    }

    /** Bytes that are taken now. */
    synchronized long bytes() {
        return shortFrames.sharesBytes + shortFrames.besideBytes + longFrames.sharesBytes + longFrames.besideBytes;
    }

    /** Connections that wait now. */
    synchronized long waiting() {
        return (long) shortFrames.waiting.size() + longFrames.waiting.size();
    }

    private synchronized boolean ask(Share share, long wanted) {
        Pool pool = wanted > SHORT_BYTES ? longFrames : shortFrames;
        if (!share.waits && share.bytes >= wanted) {
            return true;
        }
        if (share.waits && wanted == pool.waiting.getOrDefault(share, 0L)) {
            return false;
        }
        dequeue(share);
        release(share); // who waits has no share
        boolean fits = pool.waiting.isEmpty() && pool.fits(wanted);
        if (fits) {
            grant(pool, share, wanted);
        } else {
            pool.waiting.put(share, wanted);
            share.waits = true;
        }
        serve();
        return fits;
    }

    private static void grant(Pool pool, Share share, long wanted) {
        release(share);
        share.pool = pool;
        share.bytes = wanted;
        pool.sharesBytes += wanted;
    }

    private synchronized boolean countBeside(Share share, long have) {
        long more = have - share.bytes - share.besideBytes;
        if (more <= 0) {
            return true;
        }
        Pool pool = longFrames.waiting.containsKey(share) ? longFrames : shortFrames;
        if (pool.besideBytes + more > pool.besideBytesMax) {
            return false;
        }
        share.pool = pool;
        share.besideBytes += more;
        pool.besideBytes += more;
        return true;
    }

    private synchronized void giveBack(Share share) {
        if (share.pool == null && !share.waits) {
            return;
        }
        dequeue(share);
        release(share);
        serve();
    }

    private void serve() {
        serve(shortFrames);
        serve(longFrames);
        lacking = !shortFrames.waiting.isEmpty() || !longFrames.waiting.isEmpty();
    }

    private void dequeue(Share share) {
        if (share.waits) {
            share.waits = false;
            shortFrames.waiting.remove(share);
            longFrames.waiting.remove(share);
        }
    }

    private static void release(Share share) {
        Pool pool = share.pool;
        if (pool != null) {
            pool.sharesBytes -= share.bytes;
            pool.besideBytes -= share.besideBytes;
            share.pool = null;
            share.bytes = 0;
            share.besideBytes = 0;
        }
    }

    /** Gives those at the head of the line what they wait for. */
    private void serve(Pool pool) {
        while (!pool.waiting.isEmpty()) {
            Map.Entry<Share, Long> first = pool.waiting.entrySet().iterator().next();
            Share share = first.getKey();
            long wanted = first.getValue();
            if (!pool.fits(wanted)) {
                return;
            }
            dequeue(share);
            grant(pool, share, wanted);
            try {
                share.granted.run();
            } catch (RuntimeException | Error untold) {
                release(share); // its event loop has ended, or lacks memory; FrameWatch ends the connection then
            }
        }
    }
}
