package netmem.api.wire;

import java.nio.ByteBuffer;
import java.util.List;
import netmem.api.Incarnation;
import netmem.api.WordFunction;

/**
 * One request of protocol version 1 as a value. The field meanings are those of {@code docs/protocol}. A {@link ByteBuffer} in a decoded request is a view
 * of the frame's buffer and is valid only until the call that it was passed to returns; whoever keeps a request longer copies it.
 */
public sealed interface Request {
    /**
     * Returns the operation.
     *
     * @return its code's constant
     */
    Opcode opcode();

    /**
     * Opens or resumes a session.
     *
     * @param session the session to resume, or NONE for a new one
     * @param incarnation the incarnation that the session belongs to, or NONE
     * @param leaseMillis wanted lease term, 0 for the server's default
     * @param name the client's name as shown to others; at most 64 bytes of UTF-8
     * @param token credential; empty where the server asks for none
     */
    record Hello(SessionId session, Incarnation incarnation, int leaseMillis, String name, String token)
            implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.HELLO;
        }

        /** Leaves the credential and the session id out. */
        @Override
        public String toString() {
            return "Hello[name=" + name + ", leaseMillis=" + leaseMillis + "]";
        }
    }

    /** Asks for the server's description. */
    record Info() implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.INFO;
        }
    }

    /** Keeps the session alive. */
    record Ping() implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.PING;
        }
    }

    /** Ends the session. */
    record Bye() implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.BYE;
        }
    }

    /** Asks for counters and latencies. */
    record Stats() implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.STATS;
        }
    }

    /**
     * Drops a waiting request.
     *
     * @param target request id of the waiting request
     */
    record Cancel(long target) implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.CANCEL;
        }
    }

    /**
     * Reads ranges of one page.
     *
     * @param page index
     * @param versionHeld version of the caller's copy, 0 for none
     * @param ranges what to read; none asks for the version alone
     */
    record Read(long page, long versionHeld, Ranges ranges) implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.READ;
        }
    }

    /**
     * Reads ranges of several pages.
     *
     * @param snapshot whether all are of one instant
     * @param entries at most {@link WireLimits#READ_MANY_MAX}
     */
    record ReadMany(boolean snapshot, List<Entry> entries) implements Request {
        /**
         * One range of one page.
         *
         * @param page index
         * @param versionHeld version of the caller's copy, 0 for none
         * @param offset first byte
         * @param length number of bytes; 0 asks for the version alone
         */
        public record Entry(long page, long versionHeld, int offset, int length) {}

        @Override
        public Opcode opcode() {
            return Opcode.READ_MANY;
        }
    }

    /**
     * Changes ranges of one page at one instant.
     *
     * @param page index
     * @param ifVersion the version that the page must have, 0 for any
     * @param token the lock that the caller holds on the page, 0 for none
     * @param waitMillis how long to wait for another's lock; 0 answers LOCKED at once
     * @param returnCurrent whether a failed condition brings the page's bytes
     * @param ranges where the data goes, in order
     * @param data all bytes of the ranges one after the other
     */
    record Write(
            long page,
            long ifVersion,
            long token,
            int waitMillis,
            boolean returnCurrent,
            Ranges ranges,
            ByteBuffer data)
            implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.WRITE;
        }
    }

    /**
     * Takes a page's lock.
     *
     * @param page index
     * @param handle the owner within the session, chosen by the client
     * @param waitMillis how long to wait; 0 answers LOCKED at once
     * @param shared whether other shared holders may be there at the same time
     * @param withData whether the grant brings the page's bytes
     * @param versionHeld version of the caller's copy, 0 for none: a grant at this version brings no bytes
     */
    record Lock(long page, long handle, int waitMillis, boolean shared, boolean withData, long versionHeld)
            implements Request {
        /**
         * An exclusive lock.
         *
         * @param page index
         * @param handle the owner within the session, chosen by the client
         * @param waitMillis how long to wait; 0 answers LOCKED at once
         * @param withData whether the grant brings the page's bytes
         * @param versionHeld version of the caller's copy, 0 for none
         */
        public Lock(long page, long handle, int waitMillis, boolean withData, long versionHeld) {
            this(page, handle, waitMillis, false, withData, versionHeld);
        }

        @Override
        public Opcode opcode() {
            return Opcode.LOCK;
        }
    }

    /**
     * Gives a lock back.
     *
     * @param page index
     * @param token of the grant
     * @param ranges what changes at that instant; none leaves the page as it is
     * @param data all bytes of the ranges one after the other
     */
    record Unlock(long page, long token, Ranges ranges, ByteBuffer data) implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.UNLOCK;
        }
    }

    /**
     * Asks what became of a request of this session.
     *
     * @param target its id
     */
    record Outcome(long target) implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.OUTCOME;
        }
    }

    /**
     * Changes one word of a page at one instant.
     *
     * @param page index
     * @param ifVersion the version that the page must have, 0 for any
     * @param token the lock that the caller holds on the page, 0 for none
     * @param waitMillis how long to wait for another's lock; 0 answers LOCKED at once
     * @param offset of the word, a multiple of 8
     * @param function what to do with it
     * @param operand the function's argument
     * @param expected the value that COMPARE_AND_SET asks for; 0 for all others
     */
    record Atomic(
            long page,
            long ifVersion,
            long token,
            int waitMillis,
            int offset,
            WordFunction function,
            long operand,
            long expected)
            implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.ATOMIC;
        }
    }

    /**
     * Runs steps at one instant, or changes nothing. Compares and reads see the pages as they were before the changes.
     *
     * @param waitMillis how long to wait for others' locks on the pages that are changed; 0 answers LOCKED at once
     * @param returnCurrent whether failed compares bring their pages' bytes
     * @param steps at most {@link WireLimits#STEPS_MAX}
     */
    record Transact(int waitMillis, boolean returnCurrent, List<Step> steps) implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.TRANSACT;
        }
    }

    /**
     * Takes the locks of several pages, all or none.
     *
     * @param handle the owner within the session
     * @param waitMillis how long to wait; 0 answers LOCKED at once
     * @param wants pages in rising order, each once; at most {@link WireLimits#LOCK_MANY_MAX}
     */
    record LockMany(long handle, int waitMillis, List<Want> wants) implements Request {
        /**
         * One page.
         *
         * @param page index
         * @param shared whether other shared holders may be there at the same time
         */
        public record Want(long page, boolean shared) {}

        @Override
        public Opcode opcode() {
            return Opcode.LOCK_MANY;
        }
    }

    /**
     * Asks about a page's lock.
     *
     * @param page index
     */
    record LockInfo(long page) implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.LOCK_INFO;
        }
    }

    /**
     * Asks to be told of each change of a run of pages, beginning with those that differ from what the client has seen.
     *
     * @param first first page of the run
     * @param count number of pages, at least 1
     * @param seen what the client has seen of pages of the run, at most {@link WireLimits#SEEN_MAX}; pages not named count as seen as they are now
     */
    record Watch(long first, long count, List<Seen> seen) implements Request {
        /**
         * A page as the client has seen it.
         *
         * @param page index
         * @param version its version then, 0 for never
         */
        public record Seen(long page, long version) {}

        @Override
        public Opcode opcode() {
            return Opcode.WATCH;
        }
    }

    /**
     * Ends the watch of a run of pages, given as it was asked for.
     *
     * @param first first page of the run
     * @param count number of pages
     */
    record Unwatch(long first, long count) implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.UNWATCH;
        }
    }

    /**
     * Waits until a page has a version above the given one.
     *
     * @param page index
     * @param version the version that the caller knows
     * @param waitMillis how long to wait; 0 answers at once
     */
    record AwaitNewer(long page, long version, int waitMillis) implements Request {
        @Override
        public Opcode opcode() {
            return Opcode.AWAIT_NEWER;
        }
    }
}
