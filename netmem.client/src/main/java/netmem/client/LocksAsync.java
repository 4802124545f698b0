package netmem.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The operations of {@link Locks} without blocking, under the rules of {@link NetMemAsync}: a stage that is cancelled stops
 * to wait for its locks, and gives back what was granted all the same. What depends on a stage may block, so it may commit
 * and close the lock. Shared.
 */
public interface LocksAsync {
    /**
     * As {@link Locks#lock(long)}.
     *
     * @param page index
     * @return the lock
     */
    CompletionStage<PageLock> lock(long page);

    /**
     * As {@link Locks#tryLock(long, Duration)}.
     *
     * @param page index
     * @param wait how long to wait at the server
     * @return the lock; empty when somebody else holds it
     */
    CompletionStage<Optional<PageLock>> tryLock(long page, Duration wait);

    /**
     * As {@link Locks#lockShared(long)}.
     *
     * @param page index
     * @return the lock
     */
    CompletionStage<PageLock> lockShared(long page);

    /**
     * As {@link Locks#tryLockShared(long, Duration)}.
     *
     * @param page index
     * @param wait how long to wait at the server
     * @return the lock; empty when somebody else holds it
     */
    CompletionStage<Optional<PageLock>> tryLockShared(long page, Duration wait);

    /**
     * As {@link Locks#lockAll(long...)}.
     *
     * @param pages 1 to 128 different indexes, in any order
     * @return the locks
     */
    CompletionStage<LockGroup> lockAll(long... pages);
}
