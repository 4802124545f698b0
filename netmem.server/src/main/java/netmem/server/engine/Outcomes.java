package netmem.server.engine;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import netmem.api.Status;
import netmem.api.wire.FailureText;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import org.jspecify.annotations.Nullable;

/**
 * The at-most-once record of a session: for each slot the newest request that can have an effect, and its outcome or the waiter that it still is.
 * Bounded by the number of slots, since a request with a newer sequence number says that its client has seen the outcome of the older one
 * (the slot table of NFS 4.1 sessions, RFC 8881 section 2.10.6, works alike), and for all sessions together by the {@link OutcomeBudget}. Confined to the
 * engine's monitor.
 */
final class Outcomes {
    /** What is known of one request id. */
    sealed interface Known {
        /** The slot has not seen it. */
        record Fresh() implements Known {}

        /** It was run as this operation; this was its reply. */
        record Finished(Opcode opcode, Reply reply) implements Known {}

        /** It is the slot's newest and still waits. */
        record Waiting(Waiter waiter) implements Known {}
    }

    /**
     * Up to so many bytes all of a transaction's results are kept for a repeated reply; past it those of a word or
     * less.
     */
    private static final int KEPT_BYTES_MAX = 512;

    /** What a slot takes of the three arrays. */
    private static final int SLOT_BYTES = 24;

    /** An outcome takes at most so many times the bytes of its frame on the heap. */
    private static final int HEAP_PER_FRAME = 6;

    private static final Known FRESH = new Known.Fresh();

    /** Stands for a WRITE that was done, as most outcomes are: its version is kept aside, so that recording it takes no object. */
    private static final Known WRITTEN = new Known.Finished(Opcode.WRITE, new Reply.Written(0));

    /** What is known of an operation that met a fault: there may be no memory to make it then. */
    private static final Map<Opcode, Known> FAULTS = faults();

    private static Map<Opcode, Known> faults() {
        Map<Opcode, Known> faults = new EnumMap<>(Opcode.class);
        for (Opcode opcode : Opcode.values()) {
            faults.put(opcode, new Known.Finished(opcode, Engine.FAULT));
        }
        return faults;
    }

    private long[] newest = new long[4];

    /** A slot's Known.Finished or Known.Waiting; null while its newest request runs. */
    private @Nullable Known[] states = new @Nullable Known[4];

    /** Of slots whose state is WRITTEN. */
    private long[] versions = new long[4];

    private final OutcomeBudget budget;
    private long bytes;

    Outcomes(OutcomeBudget budget) {
        this.budget = budget;
        count(SLOT_BYTES * (long) newest.length);
    }

    private void count(long taken) {
        bytes += taken;
        budget.add(taken);
    }

    /** What it has of the budget. */
    long bytes() {
        return bytes;
    }

    /** Forgets all, at the session's end. */
    void release() {
        count(-bytes);
        newest = new long[0];
        states = new @Nullable Known[0];
        versions = new long[0];
    }

    /** Says why a request id cannot be run at all; null when it is fresh or the newest of its slot. */
    Reply.@Nullable Failed refusal(long requestId, int slots) {
        int slot = FrameHeader.slot(requestId);
        long sequence = FrameHeader.sequence(requestId);
        if (slot >= slots) {
            return new Reply.Failed(Status.TOO_LARGE, slot, slots - 1, FailureText.of("slot", slot, "<=", slots - 1));
        }
        if (slot >= newest.length && budget.isSpent()) {
            return budget.busy();
        }
        long oldest = slot < newest.length ? Math.max(1, FrameHeader.sequence(newest[slot])) : 1;
        if (sequence == 0) {
            return new Reply.Failed(Status.BAD_FRAME, 0, 1, FailureText.of("sequence", 0, ">=", 1) + " slot=" + slot);
        }
        return sequence >= oldest
                ? null
                : new Reply.Failed(
                        Status.STALE_REQUEST,
                        sequence,
                        oldest,
                        FailureText.of("sequence", sequence, ">=", oldest) + " slot=" + slot);
    }

    /** What is known of a request id that is not {@linkplain #refusal refused}. */
    Known lookup(long requestId) {
        int slot = FrameHeader.slot(requestId);
        if (slot >= newest.length || newest[slot] != requestId) {
            return FRESH;
        }
        Known state = isWritten(states[slot])
                ? new Known.Finished(Opcode.WRITE, new Reply.Written(versions[slot]))
                : states[slot];
        return state == null ? FRESH : state;
    }

    /** A client that uses one id for two requests must not take the outcome of the one for that of the other. */
    static Answer otherOperation(Opcode asked, Opcode ran) {
        String text = "operation: " + asked + " (expected: " + ran + ", as this request id was used before)";
        return new Answer.Now(new Reply.Failed(Status.BAD_FRAME, asked.code(), ran.code(), text));
    }

    /** What an OUTCOME of this request id is told. */
    Reply asked(long target, int slots) {
        Reply refusal = refusal(target, slots);
        if (refusal != null) {
            return refusal;
        }
        return switch (lookup(target)) {
            case Known.Fresh _ -> new Reply.Known(Reply.Known.State.NOT_SEEN, Status.OK);
            case Known.Waiting _ -> new Reply.Known(Reply.Known.State.WAITING, Status.OK);
            case Known.Finished(var _, Reply reply) -> new Reply.Known(Reply.Known.State.DONE, reply.status());
        };
    }

    @SuppressWarnings("ReferenceEquality") // one object, not a value
    private static boolean isWritten(@Nullable Known state) {
        return state == WRITTEN;
    }

    /** Whether nothing stands in a fresh request's way, not even a waiter in its slot; false also where that takes a closer look. */
    boolean isClearlyFresh(long requestId, int slots) {
        int slot = FrameHeader.slot(requestId);
        return slot < Math.min(slots, newest.length)
                && FrameHeader.sequence(requestId) > FrameHeader.sequence(newest[slot])
                && !(states[slot] instanceof Known.Waiting);
    }

    /** Makes the request its slot's newest; returns the waiter that the one before it still was. */
    @Nullable
    Waiter begin(long requestId) {
        int slot = FrameHeader.slot(requestId);
        if (slot >= newest.length) {
            int length = Math.max(slot + 1, 2 * newest.length);
            int grownBy = length - newest.length;
            long[] newestLonger = Arrays.copyOf(newest, length);
            @Nullable Known[] statesLonger = Arrays.copyOf(states, length);
            versions = Arrays.copyOf(versions, length);
            states = statesLonger;
            newest = newestLonger; // last: its length is that of all
            count(SLOT_BYTES * (long) grownBy);
        }
        Waiter left = states[slot] instanceof Known.Waiting(Waiter waiter) ? waiter : null;
        newest[slot] = requestId;
        set(slot, null);
        return left;
    }

    void waits(long requestId, Waiter waiter) {
        set(FrameHeader.slot(requestId), new Known.Waiting(waiter));
    }

    /** Records the reply, without page bytes: a repeated reply names the version, and the client reads the page. */
    void finished(long requestId, Opcode opcode, Reply reply) {
        if (opcode == Opcode.WRITE && reply instanceof Reply.Written(long version)) {
            written(requestId, version);
        } else {
            set(FrameHeader.slot(requestId), new Known.Finished(opcode, elided(reply)));
        }
    }

    /** Records a fault of this program, if the request is the newest of its slot. */
    void failed(long requestId, Opcode opcode) {
        int slot = FrameHeader.slot(requestId);
        if (slot < newest.length && newest[slot] == requestId) {
            set(slot, FAULTS.get(opcode));
        }
    }

    /** Records that a WRITE was done. */
    void written(long requestId, long version) {
        int slot = FrameHeader.slot(requestId);
        versions[slot] = version;
        set(slot, WRITTEN);
    }

    private void set(int slot, @Nullable Known state) {
        count(heapBytes(state) - heapBytes(states[slot]));
        states[slot] = state;
    }

    /** A waiter counts among the waiting. */
    private static long heapBytes(@Nullable Known state) {
        return state instanceof Known.Finished(Opcode _, Reply reply) && !isWritten(state)
                ? HEAP_PER_FRAME * (long) ReplyCodec.frameBytes(reply)
                : 0;
    }

    /** The same outcome without page bytes; words are kept. */
    static Reply elided(Reply reply) {
        return switch (reply) {
            case Reply.Granted granted
            when granted.content() == Reply.Granted.Content.FULL ->
                new Reply.Granted(granted.token(), granted.version(), Reply.Granted.Content.ELIDED, PageChange.NOTHING);
            case Reply.ConditionFailed failed
            when length(failed.current()) > Long.BYTES -> new Reply.ConditionFailed(failed.version(), null);
            case Reply.NotCommitted not ->
                new Reply.NotCommitted(not.compares().stream()
                        .map(compare -> new Reply.NotCommitted.Compare(
                                compare.step(), compare.page(), compare.version(), compare.token(), null))
                        .toList());
            case Reply.Committed committed
            when dataBytes(committed) > KEPT_BYTES_MAX ->
                new Reply.Committed(
                        committed.versions(),
                        committed.results().stream().map(Outcomes::elided).toList());
            default -> reply;
        };
    }

    private static Reply.Committed.Result elided(Reply.Committed.Result result) {
        return length(result.data()) > Long.BYTES ? new Reply.Committed.Result(result.version(), null) : result;
    }

    private static int dataBytes(Reply.Committed committed) {
        int bytes = 0;
        for (Reply.Committed.Result result : committed.results()) {
            bytes += length(result.data());
        }
        return bytes;
    }

    private static int length(@Nullable ByteBuffer data) {
        return data == null ? 0 : data.remaining();
    }
}
