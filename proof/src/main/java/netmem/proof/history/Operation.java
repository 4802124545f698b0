package netmem.proof.history;

import java.util.List;

/**
 * One call of a client. A value.
 *
 * <p>Of an operation that is {@link Fate#DONE}, {@code seen} is what its answer showed, all at one instant: of pages that it
 * also changed, the state just before. Of one that is {@link Fate#UNKNOWN} it is what it required the pages to be, so it
 * holds if the operation happened.
 *
 * @param client number of the client
 * @param id its own number of the operation
 * @param what for people
 * @param beginNanos before it was sent
 * @param endNanos after its answer was taken; {@link Long#MAX_VALUE} when unknown
 * @param fate what the client knows
 * @param seen states that it saw
 * @param made states that it made; of an operation without effect those that it would have made
 * @param token the fence token that it carried, or was granted, of several at once the largest; 0 for none
 */
public record Operation(
        int client,
        long id,
        String what,
        long beginNanos,
        long endNanos,
        Fate fate,
        List<Seen> seen,
        List<Made> made,
        long token)
        implements Entry {
    /** The value of a state that is not known. No page ever has this word. */
    public static final long NO_VALUE = Long.MIN_VALUE;

    public Operation {
        if (endNanos < beginNanos) {
            throw new IllegalArgumentException("endNanos: " + endNanos + " (expected: >= " + beginNanos + ")");
        }
    }

    /** The one that ended before the other began. Operations that touch at one instant are not ordered. */
    boolean isBefore(Operation other) {
        return fate == Fate.DONE && endNanos < other.beginNanos;
    }

    static String state(long page, long version, long value) {
        return "page " + page + (version == 0 ? "" : " v" + version) + (value == NO_VALUE ? "" : " =" + value);
    }

    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("client " + client + " #" + id + " " + what + " [" + beginNanos + " to ");
        text.append(endNanos == Long.MAX_VALUE ? "?" : endNanos).append("] ").append(fate);
        seen.forEach(state -> text.append(", ").append(state));
        made.forEach(state -> text.append(", ").append(state));
        return token == 0
                ? text.toString()
                : text.append(", token ").append(token).toString();
    }
}
