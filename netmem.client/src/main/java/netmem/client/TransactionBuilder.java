package netmem.client;

import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;

/**
 * A transaction of one frame: compares, reads and changes of any pages that happen at one instant, in one round trip, or
 * not at all. Compares and reads see the pages as they were before the changes; changes are applied in the order given.
 * At most 256 steps. Confined to one thread.
 *
 * {@snippet :
 * TransactionResult moved = mem.transaction()
 *         .ifBytes(1, 0, expected)
 *         .add(1, 8, -100)
 *         .add(2, 8, 100)
 *         .run();
 * }
 */
public interface TransactionBuilder {
    /**
     * The page must not have changed since it was read.
     *
     * @param seen the page, or a range of it
     * @return this
     */
    TransactionBuilder ifUnchanged(Versioned seen);

    /**
     * The page must have these bytes.
     *
     * @param page index
     * @param offset first byte
     * @param bytes at least 1; copied
     * @return this
     */
    TransactionBuilder ifBytes(long page, int offset, byte[] bytes);

    /**
     * The lock must be held still. Where it is exclusive the transaction may change its page, which keeps its lock; what
     * the lock's own copy shows stays as it was. A commit of the lock afterwards writes what the program has changed in
     * that copy, also over what the transaction wrote in the same place.
     *
     * @param lock of this client
     * @return this
     */
    TransactionBuilder ifHeld(PageLock lock);

    /**
     * Reads a range.
     *
     * @param page index
     * @param offset first byte
     * @param lengthBytes at least 1
     * @return this
     */
    TransactionBuilder read(long page, int offset, int lengthBytes);

    /**
     * Changes a range.
     *
     * @param page index
     * @param offset first byte
     * @param bytes at least 1; copied
     * @return this
     */
    TransactionBuilder write(long page, int offset, byte[] bytes);

    /**
     * Changes an aligned 64-bit little-endian word; sees what earlier steps did to it.
     *
     * @param page index
     * @param offset of the word, a multiple of 8
     * @param function any but {@link WordFunction#COMPARE_AND_SET}; {@link #ifBytes} compares
     * @param operand its argument
     * @return this
     */
    TransactionBuilder atomic(long page, int offset, WordFunction function, long operand);

    /**
     * Adds to an aligned 64-bit little-endian word, wrapping.
     *
     * @param page index
     * @param offset of the word, a multiple of 8
     * @param delta may be negative
     * @return this
     */
    default TransactionBuilder add(long page, int offset, long delta) {
        return atomic(page, offset, WordFunction.ADD, delta);
    }

    /**
     * Runs the steps. Waits, within the deadline, while somebody holds the lock of a page that it changes. May be called
     * again, which runs them again.
     *
     * @return committed, or which compares failed
     * @throws netmem.api.NetMemException.SessionLost with {@link netmem.api.Status#INCARNATION_CHANGED} when a page of {@link #ifUnchanged} was
     *     read from a memory that is gone
     * @throws netmem.api.NetMemException.LockLost when a lock of {@link #ifHeld} belongs to a session that is over
     * @throws IllegalStateException without any step, and when it changes a page of which {@link #ifHeld} names a shared
     *     lock
     */
    TransactionResult run();
}
