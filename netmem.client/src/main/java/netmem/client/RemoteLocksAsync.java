package netmem.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Takes locks in stages. Shared; immutable. */
final class RemoteLocksAsync implements LocksAsync {
    private final Locks locks;
    private final Stages stages;

    RemoteLocksAsync(Locks locks, Stages stages) {
        this.locks = locks;
        this.stages = stages;
    }

    @Override
    public CompletionStage<PageLock> lock(long page) {
        return stages.start(() -> locks.lock(page), PageLock::close);
    }

    @Override
    public CompletionStage<Optional<PageLock>> tryLock(long page, Duration wait) {
        return stages.start(() -> locks.tryLock(page, wait), lock -> lock.ifPresent(PageLock::close));
    }

    @Override
    public CompletionStage<PageLock> lockShared(long page) {
        return stages.start(() -> locks.lockShared(page), PageLock::close);
    }

    @Override
    public CompletionStage<Optional<PageLock>> tryLockShared(long page, Duration wait) {
        return stages.start(() -> locks.tryLockShared(page, wait), lock -> lock.ifPresent(PageLock::close));
    }

    @Override
    public CompletionStage<LockGroup> lockAll(long... pages) {
        long[] own = pages.clone();
        return stages.start(() -> locks.lockAll(own), LockGroup::close);
    }
}
