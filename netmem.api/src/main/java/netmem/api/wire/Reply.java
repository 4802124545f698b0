package netmem.api.wire;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import netmem.api.Incarnation;
import netmem.api.Status;
import org.jspecify.annotations.Nullable;

/**
 * One reply of protocol version 1 as a value. A {@link ByteBuffer} in a decoded reply is a view of the frame's buffer and is valid only
 * until the call that it was passed to returns.
 */
public sealed interface Reply {
    /**
     * Returns the status of the reply's header.
     *
     * @return never null
     */
    default Status status() {
        return Status.OK;
    }

    /**
     * Answers the greeting.
     *
     * @param protocolVersion the version that both speak from now on
     * @param resumed whether the session of the request goes on; otherwise it is a new one, without locks
     * @param session its id
     * @param incarnation of the server's memory
     * @param leaseMillis lease term of the session
     * @param slots number of requests that the session may have in flight; slots are 0 to this - 1
     * @param frameBytesMax longest frame that the server takes
     * @param pageCount number of pages
     * @param pageLengthBytes length of each
     */
    record Welcome(
            int protocolVersion,
            boolean resumed,
            SessionId session,
            Incarnation incarnation,
            int leaseMillis,
            int slots,
            int frameBytesMax,
            long pageCount,
            int pageLengthBytes)
            implements Reply {}

    /**
     * Describes the server.
     *
     * @param version the server's release
     * @param limits by name
     */
    record Description(String version, Map<String, Long> limits) implements Reply {}

    /**
     * Counters and latencies.
     *
     * @param values by name; the unit is the last word of a name
     */
    record Statistics(Map<String, Long> values) implements Reply {}

    /** Done, and nothing to say: PING, BYE, CANCEL. */
    record Done() implements Reply {}

    /**
     * What a READ asked for.
     *
     * @param version of the bytes
     * @param data all ranges one after the other
     */
    record Data(long version, ByteBuffer data) implements Reply {}

    /**
     * The caller's copy is current.
     *
     * @param version the version held
     */
    record NotModified(long version) implements Reply {
        @Override
        public Status status() {
            return Status.NOT_MODIFIED;
        }
    }

    /**
     * What a READ_MANY asked for.
     *
     * @param entries one for each of the request, in order
     */
    record DataMany(List<Entry> entries) implements Reply {
        /**
         * One range.
         *
         * @param version the page's version
         * @param data the bytes, or null when the caller's copy is current
         */
        public record Entry(long version, @Nullable ByteBuffer data) {}
    }

    /**
     * A WRITE or an UNLOCK is done.
     *
     * @param version the page's version after it
     */
    record Written(long version) implements Reply {}

    /**
     * A LOCK is granted.
     *
     * @param token the fence token of this grant
     * @param version the page's version
     * @param content what is known of the bytes
     * @param data the page's bytes when content is {@link Content#FULL}, else empty
     */
    record Granted(long token, long version, Content content, ByteBuffer data) implements Reply {
        /** What a grant says of the page's bytes. */
        public enum Content {
            /** Not asked for. */
            NONE(0),
            /** The caller's copy is current. */
            NOT_MODIFIED(1),
            /** The bytes follow. */
            FULL(2),
            /** Asked for, but this is a repeated reply: read the page, whose version stands still while the lock is held. */
            ELIDED(3);

            private static final Content[] BY_CODE = values();

            private final int code;

            Content(int code) {
                this.code = code;
            }

            int code() {
                return code;
            }

            static Content ofCode(int code) throws MalformedFrameException {
                if (code >= BY_CODE.length) {
                    throw MalformedFrameException.of("content", code, BY_CODE.length - 1, "<=");
                }
                return BY_CODE[code];
            }
        }
    }

    /**
     * The page has another version, or the word another value, than the request asked for; nothing was changed.
     *
     * @param version the page's current one
     * @param current of an ATOMIC the word; of a WRITE the page's bytes, or null when they were not asked for or not kept for a repeated reply
     */
    record ConditionFailed(long version, @Nullable ByteBuffer current) implements Reply {
        @Override
        public Status status() {
            return Status.CONDITION_FAILED;
        }
    }

    /**
     * An ATOMIC is done.
     *
     * @param version the page's version after it
     * @param old the word before it
     */
    record Fetched(long version, long old) implements Reply {}

    /**
     * A TRANSACT has happened.
     *
     * @param versions the version after it of each changed page, in the order in which the pages are first changed
     * @param results of the steps that have one, in their order: reads and atomics
     */
    record Committed(List<Version> versions, List<Result> results) implements Reply {
        /**
         * A page's version.
         *
         * @param page index
         * @param version at least 1
         */
        public record Version(long page, long version) {}

        /**
         * What a step brought.
         *
         * @param version the page's version before the transaction
         * @param data the bytes read, or the old word; null when the server did not keep them for a repeated reply
         */
        public record Result(long version, @Nullable ByteBuffer data) {}
    }

    /**
     * A TRANSACT has changed nothing, since compares failed.
     *
     * @param compares each that failed
     */
    record NotCommitted(List<Compare> compares) implements Reply {
        /**
         * A compare that failed.
         *
         * @param step its index in the request
         * @param page its page
         * @param version the page's version
         * @param token the page's exclusive token, 0 when it is free
         * @param current the page's bytes, or null when not asked for or not kept
         */
        public record Compare(
                int step,
                long page,
                long version,
                long token,
                @Nullable ByteBuffer current) {}

        @Override
        public Status status() {
            return Status.CONDITION_FAILED;
        }
    }

    /**
     * A LOCK_MANY is granted.
     *
     * @param grants one for each page, in order
     */
    record GrantedMany(List<Grant> grants) implements Reply {
        /**
         * One lock.
         *
         * @param token its fence token
         * @param version the page's version
         */
        public record Grant(long token, long version) {}
    }

    /**
     * Who holds a page.
     *
     * @param mode how it is held
     * @param holders number of holders
     * @param waiters length of the line
     * @param token of the oldest holder, 0 when free
     * @param ageMillis since its grant
     * @param name of its session
     */
    record LockState(Mode mode, int holders, int waiters, long token, long ageMillis, String name) implements Reply {
        /** How a page is held. */
        public enum Mode {
            /** By nobody. */
            FREE(0),
            /** By one handle alone. */
            EXCLUSIVE(1),
            /** By any number of handles beside one another. */
            SHARED(2);

            private static final Mode[] BY_CODE = values();

            private final int code;

            Mode(int code) {
                this.code = code;
            }

            int code() {
                return code;
            }

            static Mode ofCode(int code) throws MalformedFrameException {
                if (code >= BY_CODE.length) {
                    throw MalformedFrameException.of("mode", code, BY_CODE.length - 1, "<=");
                }
                return BY_CODE[code];
            }
        }
    }

    /**
     * What is known of a request.
     *
     * @param state whether it was seen, waits, or is done
     * @param outcome status of its reply when done, else OK
     */
    record Known(State state, Status outcome) implements Reply {
        /** How far a request has come. */
        public enum State {
            /** Not run: it never came, or is no operation whose outcome is recorded. */
            NOT_SEEN(0),
            /** In a line. */
            WAITING(1),
            /** Its reply is recorded. */
            DONE(2);

            private static final State[] BY_CODE = values();

            private final int code;

            State(int code) {
                this.code = code;
            }

            int code() {
                return code;
            }

            static State ofCode(int code) throws MalformedFrameException {
                if (code >= BY_CODE.length) {
                    throw MalformedFrameException.of("state", code, BY_CODE.length - 1, "<=");
                }
                return BY_CODE[code];
            }
        }
    }

    /**
     * Watched pages changed. A push: it answers no request.
     *
     * @param pages each with a version that it has had; later ones may have been skipped, the newest never
     */
    record Changed(List<Committed.Version> pages) implements Reply {}

    /**
     * A named failure. The request had no effect unless the status says otherwise.
     *
     * @param status why
     * @param actual the offending value
     * @param expected the bound or value that would have been right
     * @param message for people; at most {@link WireLimits#MESSAGE_BYTES_MAX} bytes of UTF-8
     */
    record Failed(Status status, long actual, long expected, String message) implements Reply {}
}
