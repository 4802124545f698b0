package netmem.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import netmem.api.Fetched;
import netmem.api.LockState;
import netmem.api.PageRange;
import netmem.api.ServerInfo;
import netmem.api.TransactionResult;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.api.WordResult;

/** The face without blocking: each stage is the blocking call. Shared; immutable. */
final class RemoteNetMemAsync implements NetMemAsync {
    private final NetMem mem;
    private final Stages stages;
    private final LocksAsync locks;

    RemoteNetMemAsync(NetMem mem, Stages stages) {
        this.mem = mem;
        this.stages = stages;
        this.locks = new RemoteLocksAsync(mem, stages);
    }

    @Override
    public CompletionStage<ServerInfo> info() {
        return stages.start(mem::info);
    }

    @Override
    public CompletionStage<Versioned> read(long page) {
        return stages.start(() -> mem.read(page));
    }

    @Override
    public CompletionStage<Versioned> read(long page, int offset, int lengthBytes) {
        return stages.start(() -> mem.read(page, offset, lengthBytes));
    }

    @Override
    public CompletionStage<List<Versioned>> readSnapshot(long... pages) {
        long[] own = pages.clone();
        return stages.start(() -> mem.readSnapshot(own));
    }

    @Override
    public <R> CompletionStage<R> peek(long page, Function<ByteBuffer, R> view) {
        return stages.start(() -> mem.peek(page, view));
    }

    @Override
    public CompletionStage<Long> version(long page) {
        return stages.start(() -> mem.version(page));
    }

    @Override
    public CompletionStage<Long> write(long page, int offset, byte[] bytes) {
        byte[] own = bytes.clone();
        return stages.start(() -> mem.write(page, offset, own));
    }

    @Override
    public CompletionStage<Long> write(long page, List<PageRange> ranges, ByteBuffer data) {
        List<PageRange> where = List.copyOf(ranges);
        ByteBuffer own;
        try {
            own = CallerBytes.copied(data);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedStage(e);
        }
        return stages.start(() -> mem.write(page, where, own));
    }

    @Override
    public CompletionStage<Long> addAndGet(long page, int offset, long delta) {
        return stages.start(() -> mem.addAndGet(page, offset, delta));
    }

    @Override
    public CompletionStage<Long> getLong(long page, int offset) {
        return stages.start(() -> mem.getLong(page, offset));
    }

    @Override
    public <R> CompletionStage<R> locked(long page, Function<ByteBuffer, R> body) {
        return stages.start(() -> mem.locked(page, body));
    }

    @Override
    public CompletionStage<Optional<Versioned>> awaitNewer(Versioned seen, Duration wait) {
        return stages.start(() -> mem.awaitNewer(seen, wait));
    }

    @Override
    public CompletionStage<UpdateResult> compareAndUpdate(Versioned base, byte[] bytes) {
        byte[] own = bytes.clone();
        return stages.start(() -> mem.compareAndUpdate(base, own));
    }

    @Override
    public CompletionStage<Versioned> update(long page, Consumer<ByteBuffer> change) {
        return stages.start(() -> mem.update(page, change));
    }

    @Override
    public CompletionStage<Fetched> atomic(long page, int offset, WordFunction function, long operand) {
        return stages.start(() -> mem.atomic(page, offset, function, operand));
    }

    @Override
    public CompletionStage<WordResult> compareAndSet(long page, int offset, long expected, long value) {
        return stages.start(() -> mem.compareAndSet(page, offset, expected, value));
    }

    @Override
    public CompletionStage<TransactionResult> run(TransactionBuilder transaction) {
        TransactionBuilder own = transaction instanceof RemoteTransactionBuilder ours ? ours.copy() : transaction;
        return stages.start(own::run);
    }

    @Override
    public <R> CompletionStage<R> transact(Function<Transaction, R> body) {
        return stages.start(() -> mem.transact(body));
    }

    @Override
    public CompletionStage<PageLock> lock(long page) {
        return locks.lock(page);
    }

    @Override
    public CompletionStage<Optional<PageLock>> tryLock(long page, Duration wait) {
        return locks.tryLock(page, wait);
    }

    @Override
    public CompletionStage<PageLock> lockShared(long page) {
        return locks.lockShared(page);
    }

    @Override
    public CompletionStage<Optional<PageLock>> tryLockShared(long page, Duration wait) {
        return locks.tryLockShared(page, wait);
    }

    @Override
    public CompletionStage<LockGroup> lockAll(long... pages) {
        return locks.lockAll(pages);
    }

    @Override
    public LocksAsync owner() {
        return new RemoteLocksAsync(mem.owner(), stages);
    }

    @Override
    public CompletionStage<LockState> lockInfo(long page) {
        return stages.start(() -> mem.lockInfo(page));
    }

    @Override
    public CompletionStage<Optional<Versioned>> awaitNewer(long page, long version, Duration wait) {
        return stages.start(() -> mem.awaitNewer(page, version, wait));
    }

    @Override
    public CompletionStage<Watch> watch(long first, long count, Watch.Listener listener) {
        return stages.start(() -> mem.watch(first, count, listener), Watch::close);
    }

    @Override
    public CompletionStage<Map<String, Long>> stats() {
        return stages.start(mem::stats);
    }
}
