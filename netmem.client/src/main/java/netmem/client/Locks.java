package netmem.client;

import java.time.Duration;
import java.util.Optional;

/**
 * Takes locks of pages: a {@link NetMem}, where each call is an owner of its own, or {@link NetMem#owner() one owner}, whose
 * calls together can be part of a deadlock. Locks are granted in order of arrival, shared ones that follow each other
 * together. Shared: any number of threads.
 */
public interface Locks {
    /**
     * Takes a page's exclusive lock, waiting within the deadline.
     *
     * @param page 0 to pages - 1
     * @return the lock
     * @throws netmem.api.NetMemException.DeadlinePassed when it was not granted in time; it will not be granted later
     * @throws netmem.api.NetMemException.Deadlocked when this owner and others would wait for each other for ever
     */
    PageLock lock(long page);

    /**
     * Takes a page's exclusive lock if it comes free in time.
     *
     * @param page 0 to pages - 1
     * @param wait how long to wait at the server, at most a day; zero does not wait. May be longer than the client's
     *     deadline
     * @return empty when somebody else holds it
     * @throws netmem.api.NetMemException.Deadlocked when this owner and others would wait for each other for ever
     */
    Optional<PageLock> tryLock(long page, Duration wait);

    /**
     * Takes a page's shared lock, waiting within the deadline: the page stands still, and others may do the same. Its
     * copy is read-only.
     *
     * @param page 0 to pages - 1
     * @return the lock
     * @throws netmem.api.NetMemException.DeadlinePassed when it was not granted in time; it will not be granted later
     * @throws netmem.api.NetMemException.Deadlocked when this owner and others would wait for each other for ever
     */
    PageLock lockShared(long page);

    /**
     * Takes a page's shared lock if nobody holds it exclusively, or stops to in time.
     *
     * @param page 0 to pages - 1
     * @param wait how long to wait at the server, at most a day; zero does not wait. May be longer than the client's
     *     deadline
     * @return empty when somebody else holds it
     * @throws netmem.api.NetMemException.Deadlocked when this owner and others would wait for each other for ever
     */
    Optional<PageLock> tryLockShared(long page, Duration wait);

    /**
     * Takes the exclusive locks of several pages, all or none, waiting within the deadline without holding any.
     *
     * @param pages 1 to 128 different indexes, in any order
     * @return the locks
     * @throws netmem.api.NetMemException.DeadlinePassed when they were not granted in time; they will not be later
     * @throws netmem.api.NetMemException.Deadlocked when this owner and others would wait for each other for ever
     */
    LockGroup lockAll(long... pages);
}
