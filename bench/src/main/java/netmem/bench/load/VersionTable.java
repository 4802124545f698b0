package netmem.bench.load;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The versions that a client last saw of the pages, for work that is done only on the expected one. Shared by its callers:
 * a version that another caller outdated costs a refusal, which tells the new one.
 */
final class VersionTable {
    private final AtomicLongArray versions;

    VersionTable(int pages) {
        versions = new AtomicLongArray(pages);
    }

    /** 0 when never seen. */
    long of(long page) {
        // pairs with saw: any value seen is one that the page had; nothing else is published by it
        return versions.getPlain(Math.toIntExact(page));
    }

    void saw(long page, long version) {
        // pairs with of: a lost update costs a refusal
        versions.setPlain(Math.toIntExact(page), version);
    }
}
