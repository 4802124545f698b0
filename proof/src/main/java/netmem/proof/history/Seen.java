package netmem.proof.history;

/**
 * A page's state that an operation saw, before its own changes. A value.
 *
 * @param page index; where a run has several server memories, made different for each
 * @param version of the page, at least 1
 * @param value the word that identifies this state of the page, or {@link Operation#NO_VALUE}
 */
public record Seen(long page, long version, long value) {
    @Override
    public String toString() {
        return "saw " + Operation.state(page, version, value);
    }
}
