package netmem.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import netmem.api.Fetched;
import netmem.api.NetMemException;
import netmem.api.PageRange;
import netmem.api.ServerInfo;
import netmem.api.Status;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.api.WordResult;

/**
 * The face without blocking: each stage is the blocking call on a virtual thread of its own, so that there is one
 * implementation and user code runs where it may block. Shared.
 */
final class RemoteNetMemAsync implements NetMemAsync {
    private final NetMem mem;
    private final Semaphore room;

    RemoteNetMemAsync(NetMem mem, Semaphore room) {
        this.mem = mem;
        this.room = room;
    }

    @Override
    public CompletionStage<ServerInfo> info() {
        return start(mem::info);
    }

    @Override
    public CompletionStage<Versioned> read(long page) {
        return start(() -> mem.read(page));
    }

    @Override
    public CompletionStage<Versioned> read(long page, int offset, int lengthBytes) {
        return start(() -> mem.read(page, offset, lengthBytes));
    }

    @Override
    public CompletionStage<List<Versioned>> readSnapshot(long... pages) {
        long[] own = pages.clone();
        return start(() -> mem.readSnapshot(own));
    }

    @Override
    public CompletionStage<Long> write(long page, int offset, byte[] bytes) {
        return start(() -> mem.write(page, offset, bytes));
    }

    @Override
    public CompletionStage<Long> write(long page, List<PageRange> ranges, ByteBuffer data) {
        return start(() -> mem.write(page, ranges, data));
    }

    @Override
    public CompletionStage<UpdateResult> compareAndUpdate(long page, long expectedVersion, byte[] bytes) {
        return start(() -> mem.compareAndUpdate(page, expectedVersion, bytes));
    }

    @Override
    public CompletionStage<Versioned> update(long page, Consumer<ByteBuffer> change) {
        return start(() -> mem.update(page, change));
    }

    @Override
    public CompletionStage<Fetched> atomic(long page, int offset, WordFunction function, long operand) {
        return start(() -> mem.atomic(page, offset, function, operand));
    }

    @Override
    public CompletionStage<WordResult> compareAndSet(long page, int offset, long expected, long value) {
        return start(() -> mem.compareAndSet(page, offset, expected, value));
    }

    @Override
    public <R> CompletionStage<R> transact(Function<Transaction, R> body) {
        return start(() -> mem.transact(body));
    }

    @Override
    public CompletionStage<Optional<PageLock>> tryLock(long page, Duration wait) {
        return start(() -> mem.tryLock(page, wait), lock -> lock.ifPresent(PageLock::close));
    }

    @Override
    public CompletionStage<Optional<PageLock>> tryLockShared(long page, Duration wait) {
        return start(() -> mem.tryLockShared(page, wait), lock -> lock.ifPresent(PageLock::close));
    }

    @Override
    public CompletionStage<Optional<Versioned>> awaitNewer(long page, long version, Duration wait) {
        return start(() -> mem.awaitNewer(page, version, wait));
    }

    @Override
    public CompletionStage<Map<String, Long>> stats() {
        return start(mem::stats);
    }

    private <R> CompletionStage<R> start(Supplier<R> call) {
        return start(call, _ -> {});
    }

    /** Runs a call beside the caller; a result that came after the stage was cancelled is given back. */
    private <R> CompletionStage<R> start(Supplier<R> call, Consumer<R> giveBack) {
        if (!room.tryAcquire()) {
            return CompletableFuture.failedStage(
                    new NetMemException.Refused(Status.BUSY, mem + ": too many stages are under way (asyncCallsMax)"));
        }
        CompletableFuture<R> stage = new CompletableFuture<>();
        Thread runner = Thread.ofVirtual().name("netmem-async").unstarted(() -> run(call, giveBack, stage));
        stage.whenComplete((_, failure) -> {
            if (failure instanceof CancellationException) {
                runner.interrupt();
            }
        });
        runner.start();
        return stage;
    }

    /** What depends on the stage runs here too, after the room is given back. */
    @SuppressWarnings("Interruption")
    private <R> void run(Supplier<R> call, Consumer<R> giveBack, CompletableFuture<R> stage) {
        R result;
        try {
            result = call.get();
        } catch (Throwable e) { // as every stage: an error in the caller's function is the stage's failure
            room.release();
            stage.completeExceptionally(e);
            return;
        }
        room.release();
        if (!stage.complete(result)) {
            giveBack.accept(result);
        }
    }
}
