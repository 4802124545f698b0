package netmem.proof.sockets;

import java.util.Random;

/**
 * What a proxy does to one connection. A value.
 *
 * @param requestBytes how many bytes reach the server before the connection is cut
 * @param replyBytes how many bytes reach the client before it is cut
 * @param reset whether the cut is a reset, which throws away what is under way; otherwise an end
 * @param pieceBytes the most that is passed on at once
 * @param delayNanos before each piece
 * @param stallBytes after how many bytes of a direction it stands still once
 * @param stallNanos for how long
 */
public record Fault(
        long requestBytes,
        long replyBytes,
        boolean reset,
        int pieceBytes,
        long delayNanos,
        long stallBytes,
        long stallNanos) {
    private static final long NEVER = Long.MAX_VALUE;
    private static final int PIECE_BYTES = 16 << 10;

    /** A connection that works. */
    public static final Fault NONE = new Fault(NEVER, NEVER, false, PIECE_BYTES, 0, NEVER, 0);

    /** A cut after so many bytes to the server. */
    public static Fault afterRequests(long bytes) {
        return new Fault(bytes, NEVER, false, PIECE_BYTES, 0, NEVER, 0);
    }

    /** A cut after so many bytes to the client. */
    public static Fault afterReplies(long bytes) {
        return new Fault(NEVER, bytes, false, PIECE_BYTES, 0, NEVER, 0);
    }

    /** Cuts after up to so many bytes, stalls of up to so long, single bytes and delays, each now and then. */
    public static Fault random(Random random, int bytesMax, long stallNanosMax) {
        boolean cutRequests = random.nextInt(3) > 0;
        boolean cutReplies = random.nextInt(3) > 0;
        boolean single = random.nextInt(6) == 0;
        boolean slow = random.nextInt(4) == 0;
        boolean stalls = random.nextInt(4) == 0;
        return new Fault(
                cutRequests ? random.nextInt(bytesMax) : NEVER,
                cutReplies ? random.nextInt(bytesMax) : NEVER,
                random.nextBoolean(),
                single ? 1 : PIECE_BYTES,
                slow ? random.nextLong(2_000_000) : 0,
                stalls ? random.nextInt(bytesMax) : NEVER,
                random.nextLong(stallNanosMax));
    }
}
