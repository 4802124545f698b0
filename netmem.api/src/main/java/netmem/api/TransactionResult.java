package netmem.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answer to a transaction: exactly one of committed, or refused with the pages as they are now. */
public sealed interface TransactionResult {
    /**
     * All compares held at one instant, and everything was done at that instant.
     *
     * @param versions the new version of each changed page, by index; unmodifiable
     * @param results what was read; empty when the connection was lost before they came and the server had not kept
     *     them, which it does up to 512 bytes
     */
    record Committed(Map<Long, Long> versions, Optional<Results> results) implements TransactionResult {}

    /**
     * What a transaction read.
     *
     * @param reads one for each read in the order asked for: its range's bytes and the page's version before the
     *     transaction
     * @param words one for each atomic operation in the order asked for: the word before it and the page's version after
     *     the transaction
     */
    record Results(List<Versioned> reads, List<Fetched> words) {}

    /**
     * Compares failed; nothing was changed.
     *
     * @param failed each that failed, in order; all seen at one instant
     */
    record Refused(List<Compare> failed) implements TransactionResult {}

    /**
     * A compare that failed.
     *
     * @param step its place among all steps of the transaction, from 0
     * @param page index
     * @param version the page's version
     * @param token the token of the page's exclusive lock, 0 when nobody has it
     * @param current the whole page at that version; empty when the reply had no room for it or had to be repeated
     */
    record Compare(int step, long page, long version, long token, Optional<Versioned> current) {}
}
