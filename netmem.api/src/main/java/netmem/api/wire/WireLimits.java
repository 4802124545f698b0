package netmem.api.wire;

/** Bounds that are part of protocol version 1, whatever a server's options say. Pure. */
public final class WireLimits {
    /** Ranges in one READ, WRITE or UNLOCK. */
    public static final int RANGES_MAX = 256;

    /** Entries in one READ_MANY. */
    public static final int READ_MANY_MAX = 1024;

    /** Steps of one TRANSACT. */
    public static final int STEPS_MAX = 256;

    /** Pages of one LOCK_MANY. */
    public static final int LOCK_MANY_MAX = 256;

    /** Pages that one WATCH names as seen, and entries of one CHANGED. */
    public static final int SEEN_MAX = 1024;

    /** Bytes of a client's name in UTF-8. */
    public static final int NAME_BYTES_MAX = 64;

    /** Bytes of a client's credential in UTF-8. */
    public static final int TOKEN_BYTES_MAX = 256;

    /** Bytes of the message in a failure. */
    public static final int MESSAGE_BYTES_MAX = 512;

    /** Frame length before the greeting was answered. */
    public static final int GREETING_FRAME_BYTES_MAX = 1024;

    /** Smallest value that a server may announce as its frame limit: a page of the greatest length and its ranges. */
    public static final int FRAME_BYTES_MIN = (1 << 20) + (16 << 10);

    /** Greatest value of a server's frame limit. */
    public static final int FRAME_BYTES_MAX = 1 << 28;

    /** Fewest slots that a server may announce: one each for a caller, for the client's own requests, and for its watches on a new connection. */
    public static final int SLOTS_MIN = 3;

    /** Slots (requests in flight) of one session. */
    public static final int SLOTS_MAX = 1 << 16;

    static {
        int largestWrite = FrameHeader.BYTES + 64 + RANGES_MAX * 8 + (1 << 20);
        if (largestWrite > FRAME_BYTES_MIN) {
            throw new AssertionError("largest write: " + largestWrite + " (expected: <= " + FRAME_BYTES_MIN + ")");
        }
        int hello = FrameHeader.BYTES + 64 + NAME_BYTES_MAX + TOKEN_BYTES_MAX;
        if (hello > GREETING_FRAME_BYTES_MAX) {
            throw new AssertionError("greeting: " + hello + " (expected: <= " + GREETING_FRAME_BYTES_MAX + ")");
        }
    }

    private WireLimits() {}
}
