package netmem.client;

import java.nio.ByteBuffer;

/**
 * An exclusive lock on one page, with a private copy of it. Changes to {@link #buffer()} become visible to others at
 * one instant, by {@link #commit()};
 * {@link #close()} without it discards them. The owner is this object, never a thread: it may be passed on, but is
 * confined to one thread at a time.
 *
 * {@snippet :
 * try (PageLock lock = mem.lock(7)) {
 *     lock.buffer().putLong(0, lock.buffer().getLong(0) + 1);
 *     lock.commit();
 * }
 * }
 */
public interface PageLock extends AutoCloseable {
    /**
     * Returns the locked page.
     *
     * @return its index
     */
    long page();

    /**
     * Returns the page's version at the grant; it stands still while the lock is held.
     *
     * @return at least 1
     */
    long version();

    /**
     * Returns the fence token of this grant: larger than that of any earlier grant of the server. Pass it to what lies
     * outside NetMem and refuse smaller ones there.
     *
     * @return compare as unsigned
     */
    long token();

    /**
     * Returns the private copy of the page.
     *
     * @return always the same mutable little-endian buffer
     */
    ByteBuffer buffer();

    /**
     * Publishes the copy and gives the lock back. After a failure with {@link netmem.api.Outcome#NO_EFFECT} other than
     * a lost lock the lock is still held, and
     * may be committed again; after {@link netmem.api.Outcome#UNKNOWN} it is over.
     *
     * @return the page's new version
     * @throws netmem.api.NetMemException.LockLost when the lock was lost before; nothing was changed
     * @throws IllegalStateException when already committed or closed
     */
    long commit();

    /**
     * Gives the lock back without changes, unless it was committed. Never throws; a lock that was lost is simply gone.
     */
    @Override
    void close();
}
