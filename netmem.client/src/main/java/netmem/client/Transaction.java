package netmem.client;

import java.nio.ByteBuffer;
import netmem.api.Versioned;

/**
 * One try of an optimistic transaction, as {@link NetMem#transact} hands it to its body. All that it shows is of one
 * instant. Confined to the body's thread, and valid until the body returns.
 */
public interface Transaction {
    /**
     * Reads a page: one round trip for the first time in a try. Changes made through {@link #buffer} do not show.
     *
     * @param page index
     * @return the page at the transaction's instant
     */
    Versioned read(long page);

    /**
     * Reads a page to change it.
     *
     * @param page index
     * @return always the same mutable little-endian buffer, a private copy of the page; what differs when the body
     *     returns is written
     */
    ByteBuffer buffer(long page);
}
