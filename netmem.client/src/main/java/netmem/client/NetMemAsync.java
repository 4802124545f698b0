package netmem.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/**
 * The operations of {@link NetMem} without blocking. Stages complete on a virtual thread, never on the thread that
 * reads the socket, within the client's deadline; what depends on them may block there. Failures are those of
 * {@link NetMem}. A stage that is cancelled stops waiting; the request may still happen. Shared.
 *
 * <p>A stage is a virtual thread, and needs the JVM to run it. While as many virtual threads as there are carriers neither
 * block nor end, stages wait: one that has not begun begins once a carrier is free, and its deadline counts from then;
 * one that has begun may complete later than at its deadline. Calls of platform threads do not wait for carriers.
 *
 * <p>What never blocks is asked of the {@link NetMem} itself: the number and length of pages, another deadline
 * ({@code mem.within(deadline).async()}), the steps of a transaction that {@link #run} then runs. So is {@code close()}.
 */
public interface NetMemAsync extends LocksAsync {
    /**
     * As {@link NetMem#info()}.
     *
     * @return the description
     */
    CompletionStage<ServerInfo> info();

    /**
     * As {@link NetMem#read(long)}.
     *
     * @param page index
     * @return the page
     */
    CompletionStage<Versioned> read(long page);

    /**
     * As {@link NetMem#read(long, int, int)}.
     *
     * @param page index
     * @param offset first byte
     * @param lengthBytes number of bytes
     * @return the range's bytes
     */
    CompletionStage<Versioned> read(long page, int offset, int lengthBytes);

    /**
     * As {@link NetMem#readSnapshot(long...)}.
     *
     * @param pages indexes
     * @return the pages
     */
    CompletionStage<List<Versioned>> readSnapshot(long... pages);

    /**
     * As {@link NetMem#peek(long, Function)}.
     *
     * @param page index
     * @param view gets a little-endian read-only buffer of the page, on a virtual thread
     * @param <R> what the function returns
     * @return its result
     */
    <R> CompletionStage<R> peek(long page, Function<ByteBuffer, R> view);

    /**
     * As {@link NetMem#version(long)}.
     *
     * @param page index
     * @return at least 1
     */
    CompletionStage<Long> version(long page);

    /**
     * As {@link NetMem#write(long, int, byte[])}.
     *
     * @param page index
     * @param offset first byte
     * @param bytes not to be changed until the stage completes
     * @return the new version
     */
    CompletionStage<Long> write(long page, int offset, byte[] bytes);

    /**
     * As {@link NetMem#write(long, List, ByteBuffer)}.
     *
     * @param page index
     * @param ranges where the bytes go
     * @param data not to be changed until the stage completes
     * @return the new version
     */
    CompletionStage<Long> write(long page, List<PageRange> ranges, ByteBuffer data);

    /**
     * As {@link NetMem#addAndGet(long, int, long)}.
     *
     * @param page 0 to pages - 1
     * @param offset of the word, a multiple of 8
     * @param delta what is added
     * @return the word after it
     */
    CompletionStage<Long> addAndGet(long page, int offset, long delta);

    /**
     * As {@link NetMem#getLong(long, int)}.
     *
     * @param page 0 to pages - 1
     * @param offset of its first byte
     * @return the word
     */
    CompletionStage<Long> getLong(long page, int offset);

    /**
     * As {@link NetMem#locked(long, Function)}.
     *
     * @param page 0 to pages - 1
     * @param body edits the little-endian copy in place
     * @param <R> what the body returns
     * @return the body's result, once the change is made
     */
    <R> CompletionStage<R> locked(long page, Function<ByteBuffer, R> body);

    /**
     * As {@link NetMem#awaitNewer(Versioned, Duration)}.
     *
     * @param seen the page, or a range of it, as the caller knows it
     * @param wait how long to wait at the server
     * @return the page at a newer version; empty when it stayed as it was
     */
    CompletionStage<Optional<Versioned>> awaitNewer(Versioned seen, Duration wait);

    /**
     * As {@link NetMem#compareAndUpdate(Versioned, byte[])}.
     *
     * @param base the page, or a range of it, that the new bytes were computed from
     * @param bytes the whole page, not to be changed until the stage completes
     * @return done, or the current page
     */
    CompletionStage<UpdateResult> compareAndUpdate(Versioned base, byte[] bytes);

    /**
     * As {@link NetMem#update(long, Consumer)}.
     *
     * @param page index
     * @param change edits the page; runs on a virtual thread
     * @return the page as this call left it
     */
    CompletionStage<Versioned> update(long page, Consumer<ByteBuffer> change);

    /**
     * As {@link NetMem#atomic(long, int, WordFunction, long)}.
     *
     * @param page index
     * @param offset of the word, a multiple of 8
     * @param function any but compare-and-set
     * @param operand its argument
     * @return the word before it, and the page's new version
     */
    CompletionStage<Fetched> atomic(long page, int offset, WordFunction function, long operand);

    /**
     * As {@link NetMem#compareAndSet(long, int, long, long)}.
     *
     * @param page index
     * @param offset of the word, a multiple of 8
     * @param expected the value that it must have
     * @param value the one that it gets
     * @return done, or the current word
     */
    CompletionStage<WordResult> compareAndSet(long page, int offset, long expected, long value);

    /**
     * As {@link TransactionBuilder#run()}, within the deadline of the client that began the transaction.
     *
     * {@snippet :
     * async.run(mem.transaction().add(1, 8, -100).add(2, 8, 100));
     * }
     *
     * @param transaction not to be used otherwise until the stage completes
     * @return committed, or which compares failed
     */
    CompletionStage<TransactionResult> run(TransactionBuilder transaction);

    /**
     * As {@link NetMem#transact(Function)}.
     *
     * @param body runs on a virtual thread
     * @param <R> what the body returns
     * @return the result of the try that was committed
     */
    <R> CompletionStage<R> transact(Function<Transaction, R> body);

    /**
     * As {@link NetMem#owner()}.
     *
     * @return takes locks, within this client's deadline; not a stage, since nothing is asked
     */
    LocksAsync owner();

    /**
     * As {@link NetMem#lockInfo(long)}.
     *
     * @param page index
     * @return who holds it and how many wait
     */
    CompletionStage<LockState> lockInfo(long page);

    /**
     * As {@link NetMem#awaitNewer(long, long, Duration)}.
     *
     * @param page index
     * @param version the newest that the caller knows
     * @param wait how long to wait at the server
     * @return the page at a newer version; empty when it stayed as it was
     */
    CompletionStage<Optional<Versioned>> awaitNewer(long page, long version, Duration wait);

    /**
     * As {@link NetMem#watch(long, long, Watch.Listener)}. When the stage is cancelled no watch is left.
     *
     * @param first first page of the run
     * @param count number of pages, 1 to 65536
     * @param listener runs on a virtual thread, so it may block; may be told before the stage completes
     * @return the watch, to be closed
     */
    CompletionStage<Watch> watch(long first, long count, Watch.Listener listener);

    /**
     * As {@link NetMem#stats()}.
     *
     * @return values by name
     */
    CompletionStage<Map<String, Long>> stats();
}
