package netmem.client;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import netmem.api.Incarnation;
import netmem.api.Versioned;
import org.jspecify.annotations.Nullable;

/**
 * Copies of pages that save bytes, not round trips: a read names the version of its copy, and the server sends the page
 * only when it is newer. One cache may serve any number of clients and threads of a JVM, of the same server or of
 * several. Shared.
 *
 * <p>Fill rule: an entry is replaced only by a higher version (compared as unsigned) of the same page in the same
 * incarnation. Entries are immutable, so what a read returns stays as it is. Full, the cache drops entries that were
 * not used since it last looked (clock order).
 */
public final class PageCache {
    /*
     * field     access                      guard
     * entries   concurrent map              its own; reads take no lock
     * usedBytes atomic add                  none; may lead the map by what is just being put
     * hand      read and write              evicting
     * touched   plain write, plain read     none: losing one costs an eviction order, nothing else
     */
    private static final long BYTES_DEFAULT_MAX = 64L << 20;

    /** Share of the heap's greatest size that a client's own cache takes at most. */
    private static final int HEAP_SHARE = 8;

    /** What an entry takes beside its page: key, entry, page object and array headers, map node. */
    static final int ENTRY_OVERHEAD_BYTES = 160;

    private final long bytesMax;
    private final ConcurrentHashMap<Key, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong usedBytes = new AtomicLong();
    private final ReentrantLock evicting = new ReentrantLock();
    private Iterator<Entry> hand = entries.values().iterator();

    private PageCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Makes a cache.
     *
     * @param bytesMax bound on its memory, overhead of about 160 bytes a page included; 0 keeps nothing
     * @return an empty cache
     */
    public static PageCache ofBytes(long bytesMax) {
        if (bytesMax < 0) {
            throw new IllegalArgumentException("bytesMax: " + bytesMax + " (expected: >= 0)");
        }
        return new PageCache(bytesMax);
    }

    /** What a client without a given cache gets: an eighth of the heap's greatest size, 64 MiB at most. */
    static PageCache ofHeapShare() {
        return new PageCache(Math.min(BYTES_DEFAULT_MAX, Runtime.getRuntime().maxMemory() / HEAP_SHARE));
    }

    /**
     * Returns the bound.
     *
     * @return bytes
     */
    public long bytesMax() {
        return bytesMax;
    }

    /**
     * Returns the memory in use, roughly.
     *
     * @return bytes
     */
    public long usedBytes() {
        return usedBytes.get();
    }

    /** Drops all copies. */
    public void clear() {
        entries.forEach((_, entry) -> drop(entry));
    }

    /** The copy of a page, or null. */
    @Nullable
    Versioned lookup(Incarnation incarnation, long page) {
        Entry entry = entries.get(new Key(incarnation, page));
        if (entry == null) {
            return null;
        }
        if (!entry.touched) {
            entry.touched = true;
        }
        return entry.copy;
    }

    /** Keeps a copy of a whole page, unless a newer one is there. */
    void install(Versioned copy) {
        Entry fresh = new Entry(new Key(copy.incarnation(), copy.page()), copy);
        if (fresh.bytes() > bytesMax) {
            return;
        }
        for (; ; ) {
            Entry old = entries.putIfAbsent(fresh.key, fresh);
            if (old == null) {
                usedBytes.addAndGet(fresh.bytes());
                break;
            }
            if (Long.compareUnsigned(old.copy.version(), copy.version()) >= 0) {
                return;
            }
            if (entries.replace(fresh.key, old, fresh)) {
                usedBytes.addAndGet(fresh.bytes() - old.bytes());
                break;
            }
        }
        // Checked again after each release: who found the lock taken relies on its holder to see the excess.
        while (usedBytes.get() > bytesMax && evicting.tryLock()) {
            try {
                evict();
            } finally {
                evicting.unlock();
            }
        }
    }

    /** Turns the hand until there is room; two rounds find an entry whatever was touched. */
    private void evict() {
        int stepsMax = 2 * entries.size() + 1;
        for (int step = 0; step < stepsMax && usedBytes.get() > bytesMax; step++) {
            if (!hand.hasNext()) {
                hand = entries.values().iterator();
                if (!hand.hasNext()) {
                    return;
                }
            }
            Entry entry = hand.next();
            if (entry.touched) {
                entry.touched = false;
            } else {
                drop(entry);
            }
        }
    }

    private void drop(Entry entry) {
        if (entries.remove(entry.key, entry)) {
            usedBytes.addAndGet(-entry.bytes());
        }
    }

    private record Key(Incarnation incarnation, long page) {
        @Override
        public int hashCode() {
            return Long.hashCode((page ^ incarnation.low()) * 0x9E3779B97F4A7C15L);
        }
    }

    /** One copy; equal to itself only. */
    private static final class Entry {
        private final Key key;
        private final Versioned copy;
        private boolean touched;

        Entry(Key key, Versioned copy) {
            this.key = key;
            this.copy = copy;
        }

        int bytes() {
            return copy.length() + ENTRY_OVERHEAD_BYTES;
        }
    }
}
