package netmem.bench.load;

import java.util.Locale;
import java.util.Optional;

/** What a caller does with a page. Each contestant says how it does the same work with its own means. Pure. */
public enum Operation {
    /** Reads a page of which the client has the current copy, so that the server only confirms it; the page itself where somebody changed it. */
    VALIDATED_READ(44, false, 24, false),
    /** Reads a whole page whose bytes come over the wire each time. */
    PAGE_READ(44, false, 24, true),
    /** Writes {@link #SMALL_BYTES} bytes of a page. */
    SMALL_WRITE(56 + Operation.SMALL_BYTES, false, 24, false),
    /** Writes a whole page. */
    PAGE_UPDATE(56, true, 24, false),
    /** Writes a whole page if it has the expected version. */
    COMPARE_UPDATE(56, true, 24, false),
    /** Adds one to a word. */
    ATOMIC_ADD(65, false, 32, false),
    /** Writes {@link #SMALL_BYTES} bytes of each of two pages, at one instant, if both have the expected versions. */
    TRANSACTION(92 + 2 * Operation.SMALL_BYTES, false, 56, false),
    /** Takes the lock of a page and gives it back without changes: two round trips. */
    LOCK_UNLOCK(44, false, 36, false);

    /** What a small change is. */
    public static final int SMALL_BYTES = 64;

    private final int requestBytes;
    private final boolean requestHasPage;
    private final int replyBytes;
    private final boolean replyHasPage;

    Operation(int requestBytes, boolean requestHasPage, int replyBytes, boolean replyHasPage) {
        this.requestBytes = requestBytes;
        this.requestHasPage = requestHasPage;
        this.replyBytes = replyBytes;
        this.replyHasPage = replyHasPage;
    }

    /** The name on the command line and in results: {@code validated-read}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Finds an operation by its label. */
    public static Optional<Operation> ofLabel(String label) {
        for (Operation operation : values()) {
            if (operation.label().equals(label)) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    /** Length of NetMem's request frame: what the floor sends for the same work. */
    int requestBytes(int pageLengthBytes) {
        return requestBytes + (requestHasPage ? pageLengthBytes : 0);
    }

    /** Length of NetMem's reply frame. */
    int replyBytes(int pageLengthBytes) {
        return replyBytes + (replyHasPage ? pageLengthBytes : 0);
    }

    /** How often a request and its reply cross the network. */
    int roundTrips() {
        return this == LOCK_UNLOCK ? 2 : 1;
    }
}
