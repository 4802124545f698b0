package netmem.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.wire.Request;
import netmem.api.wire.WireLimits;
import org.jspecify.annotations.Nullable;

/**
 * One watch: what its client has seen of each page, and what the listener is still to be told, one entry a page. Shared
 * by callers, the reader, who hands changes on, and the listener's thread.
 *
 * <pre>
 *   field           access        guard
 *   seen, untold    read, write   the watch's monitor, in which nothing else is taken; memory, memoryLost too
 *   ended, failure  volatile      written once by whoever ends the watch
 *   teller          read          final; unparked when there is something to tell
 * </pre>
 */
final class RemoteWatch implements Watch {
    /**
     * A run of pages.
     *
     * @param first page
     * @param count of pages, at least 1
     */
    record Run(long first, long count) {
        /** Bounds what a watch remembers. */
        static final int COUNT_MAX = 1 << 16;

        Run {
            if (first < 0 || count < 1 || count > COUNT_MAX) {
                throw new IllegalArgumentException(
                        "pages: " + count + " from " + first + " (expected: 1 to " + COUNT_MAX + ", from 0 or above)");
            }
        }

        boolean has(long page) {
            return page >= first && page - first < count;
        }

        /** The same pages, as runs that one request can name page by page. */
        List<Run> split() {
            List<Run> parts = new ArrayList<>();
            for (long done = 0; done < count; done += WireLimits.SEEN_MAX) {
                parts.add(new Run(first + done, Math.min(WireLimits.SEEN_MAX, count - done)));
            }
            return parts;
        }

        @Override
        public String toString() {
            return count + " pages from " + first;
        }
    }

    private final Watches watches;
    private final Run run;
    private final Listener listener;
    private final long[] seen;
    private final Map<Long, Long> untold = new LinkedHashMap<>();

    /** The memory of which the versions seen are; null for one that none was seen of. */
    private @Nullable Incarnation memory;

    private boolean memoryLost;
    private final Thread teller = Thread.ofVirtual().name("netmem-watch").unstarted(this::tell);
    private volatile boolean ended;
    private volatile @Nullable NetMemException failure;

    /** A watch of pages that the client has seen at these versions. */
    RemoteWatch(Watches watches, Run run, Listener listener, long[] seen) {
        this.watches = watches;
        this.run = run;
        this.listener = listener;
        this.seen = seen.clone();
    }

    Run run() {
        return run;
    }

    void start() {
        teller.start();
    }

    /** What was seen, handed on or not; under the client's lock. */
    synchronized List<Request.Watch.Seen> seen(Run part) {
        List<Request.Watch.Seen> named = new ArrayList<>();
        for (long page = part.first(); part.has(page); page++) {
            long version = Watches.newer(seen[(int) (page - run.first())], watches.untold(page));
            named.add(new Request.Watch.Seen(page, version));
        }
        return named;
    }

    /** Another memory: nothing of it was seen, and nothing of the one before is told any more. */
    synchronized void forget(@Nullable Incarnation now) {
        memory = now;
        Arrays.fill(seen, 0);
        untold.clear();
        memoryLost = true;
        LockSupport.unpark(teller);
    }

    /** Takes the versions of pages that changed, its own and others, unless they are of another memory by now. */
    synchronized void changed(@Nullable Incarnation of, Map<Long, Long> versions) {
        if (memory != null && !memory.equals(of)) {
            return;
        }
        boolean news = false;
        for (Map.Entry<Long, Long> told : versions.entrySet()) {
            long page = told.getKey();
            int index = (int) (page - run.first());
            if (run.has(page) && Long.compareUnsigned(told.getValue(), seen[index]) > 0) {
                untold.put(page, told.getValue());
                seen[index] = told.getValue(); // last: what found no memory is taken again
                news = true;
            }
        }
        if (news) {
            LockSupport.unpark(teller);
        }
    }

    /** What is to be told next, null for nothing: that the memory was lost comes first. It is taken when it is made. */
    private synchronized @Nullable Runnable next() {
        if (memoryLost) {
            Runnable lost = listener::memoryLost;
            memoryLost = false;
            return lost;
        }
        if (untold.isEmpty()) {
            return null;
        }
        Map.Entry<Long, Long> first = untold.entrySet().iterator().next();
        long page = first.getKey();
        long version = first.getValue();
        Runnable change = () -> listener.changed(page, version);
        untold.remove(first.getKey());
        return change;
    }

    private void tell() {
        while (!ended) {
            try {
                tellNext();
            } catch (VirtualMachineError e) { // it is there still
                Shortage.rest();
            }
        }
    }

    private void tellNext() {
        Runnable next = next();
        if (next == null) {
            LockSupport.park(this);
        } else if (!ended) {
            UserCode.run(this, next);
        }
    }

    /** The server does not go on with it. */
    void refused(NetMemException why) {
        failure = why;
        close();
    }

    @Override
    public Optional<NetMemException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Nothing is told any more. */
    void end() {
        ended = true;
        LockSupport.unpark(teller);
    }

    @Override
    public void close() {
        if (!ended) {
            end();
            watches.remove(this);
        }
    }

    @Override
    public String toString() {
        return "Watch[" + run + "]";
    }
}
