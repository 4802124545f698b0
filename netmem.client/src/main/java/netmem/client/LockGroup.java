package netmem.client;

import java.nio.ByteBuffer;
import java.util.Map;
import netmem.api.Incarnation;

/**
 * Exclusive locks on several pages, with a private copy of each. All changes become visible to others at one instant, by
 * {@link #commit()}; {@link #close()} without it discards them. The owner is this object, never a thread: it may be
 * passed on, but is confined to one thread at a time, but for {@link #isHeld()}.
 */
public interface LockGroup extends AutoCloseable {
    /**
     * Returns the version of a page at the grant; it stands still while the locks are held.
     *
     * @param page one of the group's
     * @return at least 1
     * @throws IllegalArgumentException for other pages
     */
    long version(long page);

    /**
     * Returns the fence token of a page's grant.
     *
     * @param page one of the group's
     * @return compare as unsigned
     * @throws IllegalArgumentException for other pages
     */
    long token(long page);

    /**
     * Returns the incarnation of the memory that the locks are in: in another one tokens begin anew.
     *
     * @return the same for all that a server holds from its start to its end
     */
    Incarnation incarnation();

    /**
     * Returns the private copy of a page.
     *
     * @param page one of the group's
     * @return always the same mutable little-endian buffer
     * @throws IllegalArgumentException for other pages
     */
    ByteBuffer buffer(long page);

    /**
     * Publishes all copies at one instant and gives all locks back at that instant. After a failure with
     * {@link netmem.api.Outcome#NO_EFFECT} other than lost locks they are still held; after
     * {@link netmem.api.Outcome#UNKNOWN} they are over.
     *
     * @return the new version of each changed page, by index; unmodifiable
     * @throws netmem.api.NetMemException.LockLost when the locks were lost before; nothing was changed
     * @throws IllegalStateException when already committed or closed
     */
    Map<Long, Long> commit();

    /**
     * Tells whether the locks are certainly held at this instant, by this client's own clock. Once false, it is false
     * for good: locks that were lost are given back, should the server be heard of again and hold them still. May be
     * called by any thread.
     *
     * @return false when committed, closed or lost, and when the server has not been heard of for so long that it may
     *     have given them to others
     */
    boolean isHeld();

    /**
     * Has an action run when {@link #isHeld()} turns false because the locks are lost, before the server gives them to
     * others. It runs as {@link PageLock#onLost} says.
     *
     * @param action what to do
     */
    void onLost(Runnable action);

    /** Gives all locks back without changes, and says that this is meant, as {@link PageLock#discard()}. */
    void discard();

    /** Gives all locks back without changes, unless committed. Never throws; locks that were lost are simply gone. */
    @Override
    void close();
}
