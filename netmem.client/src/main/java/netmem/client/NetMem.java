package netmem.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import netmem.api.Fetched;
import netmem.api.LockState;
import netmem.api.PageRange;
import netmem.api.ServerInfo;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.api.WordResult;

/**
 * A client of one NetMem server: the one entry to the library. Shared: any number of threads, virtual ones too, use one
 * client over one connection.
 *
 * <p>Every call is bounded by the client's deadline (5 s unless {@linkplain NetMemBuilder chosen} or
 * {@linkplain #within given}) and blocks its caller until then at most. While the connection is down calls wait for it
 * within their deadline. The deadline of a write or a lock is kept by the server, which is given 250 ms more to say so
 * before the client gives up by itself. A failure is a {@link netmem.api.NetMemException}, whose outcome says whether
 * the operation may have happened. An interrupt ends the wait; the thread's interrupt flag stays set.
 */
public interface NetMem extends Locks, AutoCloseable {
    /**
     * Connects with all defaults.
     *
     * @param uri {@code netmem://host:port}; the port may be left out (7070)
     * @return a client whose session is open
     * @throws IllegalArgumentException for a malformed address
     * @throws netmem.api.NetMemException when no server answers within the deadline, or it refuses; at once when its
     *     host name is unknown
     */
    static NetMem connect(String uri) {
        return builder(uri).connect();
    }

    /**
     * Starts a client with options.
     *
     * @param uri {@code netmem://host:port}
     * @return a builder with all defaults
     */
    static NetMemBuilder builder(String uri) {
        return new NetMemBuilder(uri);
    }

    /**
     * Describes the server.
     *
     * @return pages, incarnation and limits, asked of the server now
     */
    ServerInfo info();

    /**
     * Returns the number of pages.
     *
     * @return at least 1, without asking
     */
    long pageCount();

    /**
     * Returns the length of each page.
     *
     * @return bytes, a multiple of 64, without asking
     */
    int pageLengthBytes();

    /**
     * Reads a page: linearizable, one round trip. When the cache's copy is current no bytes are sent.
     *
     * @param page 0 to pages - 1
     * @return the page at one version
     */
    Versioned read(long page);

    /**
     * Reads a range of a page: linearizable, one round trip, bytes of one version. A current copy in the cache serves
     * it without bytes sent.
     *
     * @param page 0 to pages - 1
     * @param offset first byte
     * @param lengthBytes number of bytes
     * @return the range's bytes only, with the page's version
     */
    Versioned read(long page, int offset, int lengthBytes);

    /**
     * Reads several pages as one atomic snapshot: at one instant they all had these versions.
     *
     * Pages that do not fit into one frame are read in several round trips, and again those that others changed
     * meanwhile; after a few losses the client takes their locks for a moment, so that it does not lose for ever.
     *
     * @param pages at most 1024 indexes; without any nothing is read
     * @return one for each, in order
     */
    List<Versioned> readSnapshot(long... pages);

    /**
     * Lets a function look at a page without copying it: the buffer is a read-only view of the cache's copy, valid for
     * ever but best not kept. Linearizable, one round trip.
     *
     * @param page 0 to pages - 1
     * @param view gets a little-endian read-only buffer of the page
     * @param <R> what the function returns
     * @return its result
     */
    <R> R peek(long page, Function<ByteBuffer, R> view);

    /**
     * Returns a page's version.
     *
     * @param page 0 to pages - 1
     * @return at least 1
     */
    long version(long page);

    /**
     * Changes a range of a page at one instant. Waits, within the deadline, while somebody holds the page's lock.
     *
     * @param page 0 to pages - 1
     * @param offset first byte
     * @param bytes at least 1
     * @return the page's new version
     */
    long write(long page, int offset, byte[] bytes);

    /**
     * Changes several ranges of a page at one instant.
     *
     * @param page 0 to pages - 1
     * @param ranges where the bytes go, in order, at most 256; later ones win where they overlap
     * @param data all bytes of the ranges one after the other
     * @return the page's new version
     */
    long write(long page, List<PageRange> ranges, ByteBuffer data);

    /**
     * Replaces a page if it has not changed since it was read.
     *
     * @param base the page, or a range of it, that the new bytes were computed from
     * @param bytes the whole page
     * @return done, or the current page
     * @throws netmem.api.NetMemException.SessionLost with {@link netmem.api.Status#INCARNATION_CHANGED} when the memory that the base was read
     *     from is gone: equal versions would mean nothing
     */
    UpdateResult compareAndUpdate(Versioned base, byte[] bytes);

    /**
     * Changes a page by a function, atomically: reads, applies the function to a copy, writes if nobody changed the
     * page meanwhile, and otherwise tries again on the newer page, until the deadline. The first try may work on the
     * cache's copy, which saves the round trip of a read. After three losses the call takes the page's lock and
     * applies the function under it: it waits in the same line as all who change the page, and nobody is first again.
     * A function that changes nothing writes nothing: the page is returned as it was at some instant of the call, at
     * its old version. Nothing is sent once the deadline has passed, however long the function took.
     *
     * @param page 0 to pages - 1
     * @param change edits the little-endian buffer in place; may run several times, so it should have no other effect,
     *     and must not change the page by another call, which might wait for the lock that this one holds
     * @return the page as this call left it
     */
    Versioned update(long page, Consumer<ByteBuffer> change);

    /**
     * Changes one aligned 64-bit little-endian word of a page by a function of its old value, at one instant and in one
     * round trip. Waits, within the deadline, while somebody holds the page's lock.
     *
     * @param page 0 to pages - 1
     * @param offset of the word, a multiple of 8
     * @param function any but {@link WordFunction#COMPARE_AND_SET}
     * @param operand its argument
     * @return the word before it, and the page's new version
     */
    Fetched atomic(long page, int offset, WordFunction function, long operand);

    /**
     * Adds to one aligned 64-bit little-endian word of a page, at one instant and in one round trip.
     *
     * @param page 0 to pages - 1
     * @param offset of the word, a multiple of 8
     * @param delta what is added; the sum wraps around
     * @return the word after it
     */
    default long addAndGet(long page, int offset, long delta) {
        return atomic(page, offset, WordFunction.ADD, delta).old() + delta;
    }

    /**
     * Reads one 64-bit little-endian word of a page: linearizable, one round trip.
     *
     * @param page 0 to pages - 1
     * @param offset of its first byte
     * @return the word
     */
    default long getLong(long page, int offset) {
        return read(page, offset, Long.BYTES).getLong(0);
    }

    /**
     * Replaces one aligned 64-bit little-endian word of a page if it has the expected value.
     *
     * @param page 0 to pages - 1
     * @param offset of the word, a multiple of 8
     * @param expected the value that it must have
     * @param value the one that it gets
     * @return done, or the current word
     */
    WordResult compareAndSet(long page, int offset, long expected, long value);

    /**
     * Begins a transaction of one frame.
     *
     * @return a builder without steps
     */
    TransactionBuilder transaction();

    /**
     * Reads and changes pages by a function, atomically: what the body reads is of one instant, what it changes in
     * its private copies is written if none of the pages that it read has changed since, all at one instant.
     * Otherwise the body runs again on the newer pages, until the deadline. After three losses the call first takes
     * the locks of the pages at which it lost, all together, and so cannot lose at them again. A body that changes
     * nothing writes nothing. Waits, within the deadline, while somebody holds the lock of a page that is to be
     * changed. At most 256 pages, those that are changed counted twice. Nothing is sent once the deadline has passed,
     * however long the body took.
     *
     * @param body may run several times, so it should have no other effect, and must not change the pages that it reads
     *     by another call, which might wait for the locks that this one holds; what it throws ends the transaction
     *     without effect
     * @param <R> what the body returns
     * @return the result of the try that was committed
     */
    <R> R transact(Function<Transaction, R> body);

    /**
     * Changes a page under its exclusive lock: takes the lock, lets a function change the copy, commits. Unlike with
     * {@link #update} the function runs once; others wait for it meanwhile.
     *
     * @param page 0 to pages - 1
     * @param body edits the little-endian copy in place; what it throws gives the lock back without changes
     * @param <R> what the body returns
     * @return the body's result, once the change is made
     * @throws netmem.api.NetMemException.LockLost when the lock was lost before the commit; nothing was changed
     */
    default <R> R locked(long page, Function<ByteBuffer, R> body) {
        Objects.requireNonNull(body, "body");
        try (PageLock lock = lock(page)) {
            try {
                R result = body.apply(lock.buffer());
                long _ = lock.commit();
                return result;
            } catch (Throwable e) {
                lock.discard();
                throw e;
            }
        }
    }

    /**
     * Begins an owner of locks: the server sees all locks that are taken through it as of one owner, so that a circle of
     * owners who wait for each other is found, and its youngest wait ended. An owner that is not used costs nothing.
     *
     * @return takes locks, within this client's deadline
     */
    Locks owner();

    /**
     * Asks about a page's lock.
     *
     * @param page 0 to pages - 1
     * @return who holds it and how many wait, at some instant of the call
     */
    LockState lockInfo(long page);

    /**
     * Waits at the server until a page is newer than the caller's version, then reads it.
     *
     * @param page 0 to pages - 1
     * @param version the newest that the caller knows; 0 returns at once
     * @param wait how long to wait at the server, at most a day; zero does not wait. May be longer than the client's
     *     deadline
     * @return the page at a newer version; empty when it stayed as it was
     * @throws netmem.api.NetMemException.SessionLost when the server's memory was lost meanwhile: the version means nothing
     *     any more
     */
    Optional<Versioned> awaitNewer(long page, long version, Duration wait);

    /**
     * Waits at the server until a page is newer than it was seen, then reads it. Unlike a bare version, a page as it
     * was read knows its memory: seen in one that is lost, it is never compared with versions of the next.
     *
     * @param seen the page, or a range of it, as the caller knows it
     * @param wait how long to wait at the server, at most a day; zero does not wait. May be longer than the client's
     *     deadline
     * @return the page at a newer version; empty when it stayed as it was
     * @throws netmem.api.NetMemException.SessionLost when the memory that it was seen in is lost, before or meanwhile
     */
    Optional<Versioned> awaitNewer(Versioned seen, Duration wait);

    /**
     * Has a listener told of each change of a run of pages from now on. Changes that were made before this call began
     * are not told.
     *
     * @param first first page of the run
     * @param count number of pages, 1 to 65536
     * @param listener runs on a virtual thread, so it may block
     * @return the watch, to be closed
     */
    Watch watch(long first, long count, Watch.Listener listener);

    /**
     * Views this client with another deadline; connection, session and cache are shared.
     *
     * @param deadline for each call, 1 ms to 1 day
     * @return the view; closing it does nothing
     */
    NetMem within(Duration deadline);

    /**
     * Says that the program knows of the memory that the server has now: calls go on in it. Needed only after the
     * server's memory was lost; see {@link #onMemoryLost}. For the whole client, all its views and threads: one place
     * of a program sets the pages up again. Does not wait. Locks, watches' versions and {@link Versioned} of the lost
     * memory stay of that memory.
     */
    void renew();

    /**
     * Has a handler set the pages up again whenever the server's memory was lost. A client speaks for one memory.
     * When the server restarts with another one, each call fails with {@link netmem.api.NetMemException.SessionLost}
     * and {@link netmem.api.Status#INCARNATION_CHANGED}, of clients that were idle meanwhile too, until the handler
     * has returned, or {@link #renew} was called. A handler that throws anything is logged, and calls go on failing.
     * When the memory is lost again while the handler runs, the handler is called again for the next one. Never
     * called for a client that {@linkplain NetMemBuilder#followRestarts follows restarts}.
     *
     * @param handler called on a virtual thread, one call at a time, so it may block; takes a view of this client
     *     for the new memory alone, whose calls fail when that is lost in turn. Replaces the handler before. Is
     *     called at once, on its thread, when the memory is lost as of now
     */
    void onMemoryLost(Consumer<NetMem> handler);

    /**
     * Views this client without blocking: the same operations as stages.
     *
     * @return the mirror
     */
    NetMemAsync async();

    /**
     * Asks for the server's counters and latencies.
     *
     * @return values by name, in the server's order
     */
    Map<String, Long> stats();

    /**
     * Ends the session: its locks are released at once, calls under way fail. Without a connection at that moment it tries
     * to connect again, to say so, for one second at most. When that fails the server ends the session, and releases its
     * locks, once the lease is over. Then it waits for the client's log lines to be written, where a log handler is slow
     * for one more second at most. Never throws; may be called twice. Not needed for the JVM to exit, which may lose the
     * last log lines of a client that was not closed.
     */
    @Override
    void close();
}
