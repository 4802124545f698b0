package netmem.bench.load;

import netmem.api.Incarnation;
import netmem.api.TransactionResult;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.client.NetMem;
import netmem.client.PageCache;
import netmem.client.PageLock;
import netmem.client.Watch;
import org.jspecify.annotations.Nullable;

/** The operations by NetMem's client. Page reads that shall bring bytes go through a client without a cache. Shared. */
final class NetMemClient implements Client {
    private static final long CACHE_OVERHEAD_BYTES = 256;
    private static final byte[] NOTHING = {};

    private final Target target;
    private final String address;
    private final Access access;
    private final NetMem caching;
    private final Incarnation incarnation;
    private final VersionTable versions;
    private final byte[] page;
    private final byte[] few = new byte[Operation.SMALL_BYTES];
    private @Nullable NetMem plain;

    NetMemClient(Target target, String address, Access access) {
        this.target = target;
        this.address = address;
        this.access = access;
        this.versions = new VersionTable(target.pages());
        this.page = new byte[target.pageLengthBytes()];
        this.caching = connect(target.pages() * (target.pageLengthBytes() + CACHE_OVERHEAD_BYTES));
        this.incarnation = caching.info().incarnation();
    }

    private NetMem connect(long cacheBytes) {
        return access.builder(address).cache(PageCache.ofBytes(cacheBytes)).connect();
    }

    /** Watches a page so many times, and does nothing with what it is told. */
    void watch(long index, int times) {
        for (int i = 0; i < times; i++) {
            Watch _ = caching.watch(index, 1, (_, _) -> {});
        }
    }

    @Override
    public void prepare(Mix mix) {
        if (mix.has(Operation.PAGE_READ) && plain == null) {
            plain = connect(0);
        }
        boolean cached = mix.has(Operation.VALIDATED_READ) || mix.has(Operation.LOCK_UNLOCK);
        for (long i = 0; cached && i < target.pages(); i++) {
            versions.saw(i, caching.read(i).version());
        }
    }

    @Override
    public void run(Operation operation, long index, int caller) {
        switch (operation) {
            case VALIDATED_READ -> caching.read(index);
            case PAGE_READ -> uncached().read(index);
            case SMALL_WRITE -> caching.write(index, 0, few);
            case PAGE_UPDATE -> caching.write(index, 0, page);
            case COMPARE_UPDATE -> compareAndUpdate(index);
            case ATOMIC_ADD -> caching.atomic(index, 0, WordFunction.ADD, 1);
            case TRANSACTION -> transact(index, target.partner(index));
            case LOCK_UNLOCK -> lock(index);
        }
    }

    private NetMem uncached() {
        NetMem client = plain;
        if (client == null) {
            throw new IllegalStateException("page-read: not in the mix that was prepared");
        }
        return client;
    }

    /** The page as it was last seen, without its bytes, so that all of it is sent. */
    private Versioned expected(long index) {
        long known = versions.of(index);
        long version = known == 0 ? caching.version(index) : known;
        return Versioned.owning(incarnation, index, version, NOTHING);
    }

    private void compareAndUpdate(long index) {
        switch (caching.compareAndUpdate(expected(index), page)) {
            case UpdateResult.Updated(long version) -> versions.saw(index, version);
            case UpdateResult.Stale stale -> versions.saw(index, stale.current().version());
        }
    }

    private void transact(long first, long second) {
        TransactionResult result = caching.transaction()
                .ifUnchanged(expected(first))
                .ifUnchanged(expected(second))
                .write(first, 0, few)
                .write(second, 0, few)
                .run();
        switch (result) {
            case TransactionResult.Committed committed -> committed.versions().forEach(versions::saw);
            case TransactionResult.Refused refused ->
                refused.failed().forEach(compare -> versions.saw(compare.page(), compare.version()));
        }
    }

    private void lock(long index) {
        try (PageLock lock = caching.lock(index)) {
            versions.saw(index, lock.version());
        }
    }

    @Override
    public void close() {
        caching.close();
        if (plain != null) {
            plain.close();
        }
    }
}
