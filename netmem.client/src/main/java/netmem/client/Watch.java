package netmem.client;

import java.util.Optional;
import netmem.api.NetMemException;

/**
 * A watch of a run of pages. Each change of one of them is told to the listener as (page, version): per page in order,
 * later ones in place of earlier ones that were not told yet, the newest never left out. A watch outlives lost
 * connections: what changed meanwhile is told afterwards. When the server's memory was lost, each page is told anew,
 * with the version that it has in the new memory, once {@link Listener#memoryLost} was told. Shared.
 *
 * <p>A connection that falls silent without an end (a cable, a firewall) is found by the heartbeats, which come every
 * third of the lease. A client that only watches learns of it after up to a third of its lease: take a shorter lease
 * where that is too long.
 */
public interface Watch extends AutoCloseable {
    /** Is told of changes: on a virtual thread of the watch's own, one call at a time. */
    @FunctionalInterface
    interface Listener {
        /**
         * A page has changed. While the listener is busy further changes are gathered, one a page. What it throws, of
         * whatever kind, goes to the thread's uncaught exception handler, and the watch goes on, even where that
         * throws too. An interrupt flag that it leaves set is cleared. A call that shows the change may return before the
         * listener is told.
         *
         * @param page index
         * @param version a version that it has had, larger than any told before of this page since the last
         *     {@link #memoryLost}: the versions of another memory begin anew, and may be smaller
         */
        void changed(long page, long version);

        /**
         * The server's memory was lost, and it has a new one: what was told before means nothing any more. Each page
         * is told anew afterwards. Does nothing by default.
         */
        default void memoryLost() {}
    }

    /**
     * Says why the watch has ended by itself: the server refused to go on with it after a lost connection.
     *
     * @return empty while it goes on, and after {@link #close()}
     */
    Optional<NetMemException> failure();

    /** Ends the watch. One call of the listener may still be under way; no other begins. Never throws. */
    @Override
    void close();
}
