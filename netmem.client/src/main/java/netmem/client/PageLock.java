package netmem.client;

import java.nio.ByteBuffer;
import netmem.api.Incarnation;

/**
 * A lock on one page, with a private copy of it. Changes to {@link #buffer()} become visible to others at one instant,
 * by {@link #commit()}; {@link #close()} without it discards them. The owner is this object, never a thread: it may be
 * passed on, but is confined to one thread at a time, but for {@link #isHeld()}.
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
     * Returns the page's version at the grant. The page stays at it while the lock is held, unless a transaction that
     * names this lock ({@link TransactionBuilder#ifHeld}) changes it.
     *
     * @return at least 1
     */
    long version();

    /**
     * Returns the fence token of this grant: larger than that of any earlier grant of the server's memory. Pass it to what lies
     * outside NetMem, together with the {@linkplain #incarnation incarnation}, and refuse smaller ones there.
     *
     * @return compare as unsigned
     */
    long token();

    /**
     * Returns the incarnation of the memory that the lock is in: in another one tokens begin anew.
     *
     * @return the same for all that a server holds from its start to its end
     */
    Incarnation incarnation();

    /**
     * Returns the private copy of the page.
     *
     * @return always the same little-endian buffer; read-only where the lock is shared
     */
    ByteBuffer buffer();

    /**
     * Publishes the copy and gives the lock back. After a failure with {@link netmem.api.Outcome#NO_EFFECT} other than
     * a lost lock the lock is still held, and may be committed again; after {@link netmem.api.Outcome#UNKNOWN} it is
     * over.
     *
     * @return the page's new version
     * @throws netmem.api.NetMemException.LockLost when the lock was lost before; nothing was changed
     * @throws IllegalStateException when already committed or closed
     */
    long commit();

    /**
     * Tells whether others may hold the page at the same time, as long as nobody changes it.
     *
     * @return false for an exclusive lock
     */
    boolean isShared();

    /**
     * Tells whether the lock is certainly held at this instant, by this client's own clock. Once false, it is false for
     * good: a lock that was lost is given back, should the server be heard of again and hold it still. May be called by
     * any thread.
     *
     * @return false when committed, closed or lost, and when the server has not been heard of for so long that it may have
     *     given the lock to others
     */
    boolean isHeld();

    /**
     * Has an action run when {@link #isHeld()} turns false because the lock is lost, before the server gives it to
     * others. It runs once, on a platform thread, so that it runs in time however busy the virtual threads of the
     * program are; and never when the lock was given back before. Eight actions of a client run at a time: one that
     * blocks does not hold up the others until there are so many. What it throws goes to the uncaught exception
     * handler. Closing the client loses its locks. Whatever the action does, the server refuses what comes under a
     * lost lock.
     *
     * @param action what to do
     */
    void onLost(Runnable action);

    /**
     * Gives the lock back without changes, as {@link #close()} does, and says that this is meant: the client warns,
     * once, of a lock that is closed with changes in its buffer and was not committed. Never throws.
     */
    void discard();

    /**
     * Gives the lock back without changes, unless it was committed. Never throws; a lock that was lost is simply gone.
     */
    @Override
    void close();
}
