package netmem.proof.history;

import java.util.Comparator;

/**
 * What one operation had to do with one state of one page. A value.
 *
 * @param operation whose
 * @param version that it saw or made; 0 when not known
 * @param value that identifies the state, or {@link Operation#NO_VALUE}
 * @param made whether it made the state, or saw it
 */
record Access(Operation operation, long version, long value, boolean made) {
    /** By version; who made one comes before who saw it. */
    static final Comparator<Access> BY_VERSION = (a, b) ->
            a.version == b.version ? Boolean.compare(b.made, a.made) : Long.compareUnsigned(a.version, b.version);

    /** By the end of the operation. */
    static final Comparator<Access> BY_END = Comparator.comparingLong(access -> access.operation.endNanos());

    boolean hasValue() {
        return value != Operation.NO_VALUE;
    }
}
