package netmem.api.wire;

import org.jspecify.annotations.Nullable;

/** The operations of protocol version 1 and their codes; a reply carries the code with {@link #REPLY} added. Pure. */
public enum Opcode {
    /** The greeting: first request of a connection, opens or resumes a session. */
    HELLO(1, 0, false),
    /** The server's description and limits. */
    INFO(2, 0, false),
    /** Keeps the session alive. */
    PING(3, 0, false),
    /** Closes the session: all its locks are released at once. */
    BYE(4, 0, false),
    /** Counters and latencies. */
    STATS(5, 0, false),
    /** Drops a waiting request of this session. */
    CANCEL(6, 0, false),
    /** Asks what became of a request. */
    OUTCOME(7, 0, false),
    /** Reads ranges of one page. */
    READ(16, 0, false),
    /** Reads ranges of several pages. */
    READ_MANY(17, Opcode.SNAPSHOT, false),
    /** Changes ranges of one page. */
    WRITE(32, Opcode.RETURN_CURRENT, true),
    /** Changes one aligned 64-bit word of a page by a function of its old value. */
    ATOMIC(33, 0, true),
    /** Compares, reads and changes pages at one instant, or changes nothing. */
    TRANSACT(34, Opcode.RETURN_CURRENT, true),
    /** Takes a page's lock. */
    LOCK(48, Opcode.WITH_DATA | Opcode.SHARED, true),
    /** Gives a lock back, with changes or without. */
    UNLOCK(49, 0, true),
    /** Takes the locks of several pages, all or none. */
    LOCK_MANY(50, 0, true),
    /** Tells who holds a page and how many wait. */
    LOCK_INFO(51, 0, false),
    /** Asks to be told when pages change. */
    WATCH(64, 0, false),
    /** Ends a watch. */
    UNWATCH(65, 0, false),
    /** Waits until a page is newer than a version. */
    AWAIT_NEWER(66, 0, true),
    /** Tells the client which watched pages changed; sent by the server alone, with request id 0. */
    CHANGED(96, 0, false);

    /** Bit that makes a request's code the code of its reply. */
    public static final int REPLY = 0x80;

    /** READ_MANY: all entries of one instant. */
    public static final int SNAPSHOT = 1;

    /** WRITE: a failed condition answers with the page's bytes. */
    public static final int RETURN_CURRENT = 1;

    /** LOCK: the grant brings the page's bytes. */
    public static final int WITH_DATA = 1;

    /** LOCK: shared with other holders of this kind. */
    public static final int SHARED = 2;

    private static final @Nullable Opcode[] BY_CODE = new @Nullable Opcode[REPLY];

    static {
        for (Opcode opcode : values()) {
            BY_CODE[opcode.code] = opcode;
        }
    }

    private final int code;
    private final int flagsKnown;
    private final boolean recorded;

    Opcode(int code, int flagsKnown, boolean recorded) {
        this.code = code;
        this.flagsKnown = flagsKnown;
        this.recorded = recorded;
    }

    /**
     * Returns the code of the request.
     *
     * @return 1 to 127
     */
    public int code() {
        return code;
    }

    /**
     * Returns the flag bits that a request of this operation may carry.
     *
     * @return a mask within 8 bits
     */
    public int flagsKnown() {
        return flagsKnown;
    }

    /**
     * Tells whether the operation can have an effect, so that the server records its outcome under the request id.
     *
     * @return false for operations that may simply be run again
     */
    public boolean isRecorded() {
        return recorded;
    }

    /**
     * Finds an operation by its request code.
     *
     * @param code 0 to 255
     * @return null for a code that is not an operation of this version
     */
    public static @Nullable Opcode ofCode(int code) {
        return code >= 0 && code < REPLY ? BY_CODE[code] : null;
    }
}
