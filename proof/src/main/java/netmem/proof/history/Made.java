package netmem.proof.history;

/**
 * A page's state that an operation made, or would have made. A value.
 *
 * @param page index
 * @param version after the change; 0 when not known
 * @param value the word that identifies the new state, unique in the run, or {@link Operation#NO_VALUE}
 */
public record Made(long page, long version, long value) {
    @Override
    public String toString() {
        return "made " + Operation.state(page, version, value);
    }
}
