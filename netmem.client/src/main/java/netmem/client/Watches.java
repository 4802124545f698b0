package netmem.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import netmem.api.Incarnation;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one client. The server forgets them with each connection; they are asked for anew on the next, with what
 * the client has seen by then. Shared; all state is guarded by the client's lock.
 *
 * <p>Who reads replies only notes the newest version of each page that it is told. A virtual thread, which begins with
 * the first watch, hands that on to the watches outside of the lock: so calls do not wait for however many watches there
 * are, and what changes faster than they can be told costs one entry a page. It outlives a shortage of memory.
 */
final class Watches {
    private final Exchange exchange;

    /** Replaced as a whole, so that it can be gone through outside of the lock. */
    private List<RemoteWatch> all = List.of();

    /** What the server has told, and was not handed on yet: pages with their newest versions. */
    private Map<Long, Long> told = new LinkedHashMap<>();

    /** What is being handed on, empty for nothing. */
    private Map<Long, Long> underWay = Map.of();

    private final Thread hander = Thread.ofVirtual().name("netmem-watches").unstarted(this::handOn);
    private boolean handing;

    /** What the hander has taken and not handed on to all; its own. */
    private @Nullable Told taken;

    private volatile boolean ended;
    private @Nullable Incarnation incarnation;

    Watches(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Whether the server may tell something unasked; under the client's lock. */
    boolean any() {
        return !all.isEmpty();
    }

    /** Begins a watch: reads the versions, then asks to be told of whatever differs from them. */
    Watch open(Calls calls, Deadline deadline, RemoteWatch.Run run, Watch.Listener listener) {
        long[] seen = new long[(int) run.count()];
        Incarnation read = null;
        int index = 0;
        for (RemoteWatch.Run part : run.split()) {
            VersionsCall.Answer answer = calls.run(new VersionsCall(deadline, part));
            if (read != null && !read.equals(answer.incarnation())) {
                seen = new long[seen.length];
            }
            read = answer.incarnation();
            for (long version : answer.versions()) {
                seen[index++] = version;
            }
        }
        RemoteWatch watch = new RemoteWatch(this, run, listener, seen);
        add(watch, read);
        watch.start();
        try {
            for (RemoteWatch.Run part : run.split()) {
                calls.run(new WatchCall(deadline, watch, part, false));
            }
            return watch;
        } catch (RuntimeException e) {
            watch.close();
            throw e;
        }
    }

    private void add(RemoteWatch watch, @Nullable Incarnation read) {
        exchange.lock.lock();
        try {
            if (incarnation == null || !incarnation.equals(read)) {
                watch.forget(incarnation);
            }
            if (exchange.isOpen()) {
                if (!handing) {
                    hander.start();
                    handing = true;
                }
                List<RemoteWatch> more = new ArrayList<>(all);
                more.add(watch);
                all = more;
            } else {
                watch.end();
            }
        } finally {
            exchange.lock.unlock();
        }
    }

    /**
     * A connection is open, under the client's lock: the server knows of no watch. They go out before what is sent again, so that no reply to that overtakes what
     * they tell.
     */
    void greeted(Incarnation now, long nowNanos) {
        boolean otherMemory = incarnation != null && !incarnation.equals(now);
        incarnation = now;
        List<WatchCall> again = new ArrayList<>();
        if (otherMemory) {
            told = new LinkedHashMap<>();
            underWay = Map.of();
        }
        for (RemoteWatch watch : all) {
            if (otherMemory) {
                watch.forget(now);
            }
            for (RemoteWatch.Run part : watch.run().split()) {
                again.add(new WatchCall(new Deadline(nowNanos, 0), watch, part, true));
            }
        }
        exchange.core.precede(again);
    }

    /** What the server tells, on the thread that reads, before it takes the next reply. */
    void changed(Reply.Changed changed) {
        exchange.lock.lock();
        try {
            for (Reply.Committed.Version page : changed.pages()) {
                told.merge(page.page(), page.version(), Watches::newer);
            }
        } finally {
            exchange.lock.unlock();
        }
        LockSupport.unpark(hander);
    }

    static long newer(long one, long other) {
        return Long.compareUnsigned(one, other) > 0 ? one : other;
    }

    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on who runs meanwhile
    private void handOn() {
        while (!ended) {
            try {
                handOnce();
                Thread.yield(); // those who tell the listeners run before there is more to tell
            } catch (VirtualMachineError e) { // what was taken is handed on again, to all
                Shortage.rest();
            }
        }
    }

    private void handOnce() {
        Told next = taken == null ? take() : taken;
        taken = next;
        if (next == null) {
            LockSupport.park(this);
            return;
        }
        for (RemoteWatch watch : next.watches) {
            watch.changed(next.incarnation, next.versions);
        }
        taken = null;
    }

    /** What was told of one memory, and to whom to hand it on. */
    private record Told(@Nullable Incarnation incarnation, Map<Long, Long> versions, List<RemoteWatch> watches) {}

    /** Null when there is nothing to hand on. */
    private @Nullable Told take() {
        exchange.lock.lock();
        try {
            if (told.isEmpty()) {
                underWay = Map.of();
                return null;
            }
            Told next = new Told(incarnation, told, all);
            Map<Long, Long> fresh = new LinkedHashMap<>();
            underWay = told;
            told = fresh;
            return next;
        } finally {
            exchange.lock.unlock();
        }
    }

    /** The newest version of a page that was not handed on yet, 0 for none; under the client's lock. */
    long untold(long page) {
        return newer(told.getOrDefault(page, 0L), underWay.getOrDefault(page, 0L));
    }

    /** Ends what no other watch has asked for in the same words. */
    void remove(RemoteWatch watch) {
        exchange.lock.lock();
        try {
            List<RemoteWatch> fewer = new ArrayList<>(all);
            boolean removed = fewer.remove(watch);
            all = fewer;
            if (!removed || !exchange.isOpen() || !exchange.core.isConnected()) {
                return;
            }
            long now = System.nanoTime();
            for (RemoteWatch.Run part : watch.run().split()) {
                boolean wanted =
                        all.stream().anyMatch(other -> other.run().split().contains(part));
                if (!wanted) {
                    Request.Unwatch unwatch = new Request.Unwatch(part.first(), part.count());
                    exchange.core.owe(new PlainCall(new Deadline(now, 0), unwatch), now);
                }
            }
        } finally {
            exchange.lock.unlock();
        }
        exchange.flush();
        exchange.reading.attend();
    }

    /** The client is closed, under its lock. */
    void end() {
        all.forEach(RemoteWatch::end);
        all = List.of();
        ended = true;
        LockSupport.unpark(hander);
    }
}
