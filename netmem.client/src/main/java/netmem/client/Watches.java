package netmem.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import netmem.api.Incarnation;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one client. The server forgets them with each connection; they are asked for anew on the next, with what
 * the client has seen by then. Shared; all state is guarded by the client's lock.
 */
final class Watches {
    private final Exchange exchange;
    private final List<RemoteWatch> all = new ArrayList<>();
    private @Nullable Incarnation incarnation;

    Watches(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Does something under the client's lock. */
    <R> R locked(Supplier<R> what) {
        exchange.lock.lock();
        try {
            return what.get();
        } finally {
            exchange.lock.unlock();
        }
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
                watch.forget();
            }
            if (exchange.isOpen()) {
                all.add(watch);
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
        for (RemoteWatch watch : all) {
            if (otherMemory) {
                watch.forget();
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
            for (Reply.Committed.Version told : changed.pages()) {
                all.forEach(watch -> watch.changed(told.page(), told.version()));
            }
        } finally {
            exchange.lock.unlock();
        }
    }

    /** Ends what no other watch has asked for in the same words. */
    void remove(RemoteWatch watch) {
        exchange.lock.lock();
        try {
            if (!all.remove(watch) || !exchange.isOpen() || !exchange.core.isConnected()) {
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
        all.clear();
    }
}
