package netmem.client;

import java.util.ArrayList;
import java.util.List;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import org.jspecify.annotations.Nullable;

/**
 * The requests in flight of one session, by slot. A slot holds one request from its assignment until its reply, whether
 * its caller still waits or not; its sequence number grows by one with each use. Confined to the client's lock.
 *
 * <p>The last two free slots are not for callers: one is kept for the client's own requests (PING, CANCEL, and
 * unlocks that are owed), which keep the lease, and one for the watches that are asked for anew on a new connection
 * before anything else. Callers cannot fill the rest with what stays there: a quarter of all slots is not for calls
 * that wait at the server, an eighth not for changes either, which wait where the page is locked. So a read finds a
 * slot whatever others wait for.
 */
final class Slots {
    /** More requests in flight do not pay. */
    static final int COUNT_MAX = 4096;

    private static final int OWN_COUNT = 2;

    private final @Nullable Call<?>[] pending;
    private final long[] sequences;
    private final int[] free;
    private int freeCount;

    Slots(int count) {
        int kept = Math.min(count, COUNT_MAX);
        pending = new Call<?>[kept];
        sequences = new long[kept];
        free = new int[kept];
        freeCount = kept;
        for (int i = 0; i < kept; i++) {
            free[i] = kept - 1 - i;
        }
    }

    /** Gives a slot and the request id to a call; false when none is free for it. */
    boolean assign(Call<?> call, boolean own) {
        if (freeCount <= (own ? reservedOwn(call) : reserved(call.kind()))) {
            return false;
        }
        int slot = free[--freeCount];
        call.assign(FrameHeader.requestId(slot, ++sequences[slot]));
        pending[slot] = call;
        return true;
    }

    private static int reservedOwn(Call<?> call) {
        return call.opcode() == Opcode.WATCH && call.endsWithConnection() ? 0 : OWN_COUNT - 1;
    }

    private int reserved(Room.Kind kind) {
        return OWN_COUNT
                + switch (kind) {
                    case PROMPT -> 0;
                    case CHANGE -> pending.length / 8;
                    case WAIT -> pending.length / 4;
                };
    }

    /** Whether a caller's call of this kind finds one. */
    boolean hasFree(Room.Kind kind) {
        return freeCount > reserved(kind);
    }

    /** The call that waits for this very id, or null: a late or a foreign reply. */
    @Nullable
    Call<?> match(long requestId) {
        int slot = FrameHeader.slot(requestId);
        Call<?> call = slot < pending.length ? pending[slot] : null;
        return call != null && call.requestId() == requestId ? call : null;
    }

    /** Whether the call still has its slot; another session may have given the same id to another call. */
    @SuppressWarnings("ReferenceEquality")
    boolean holds(Call<?> call) {
        return call.isAssigned() && match(call.requestId()) == call;
    }

    /** Frees the slot of a call that was answered. */
    void release(Call<?> call) {
        int slot = FrameHeader.slot(call.requestId());
        assert holds(call) : "slot: " + slot + " is not of " + call.what();
        pending[slot] = null;
        free[freeCount++] = slot;
    }

    boolean isIdle() {
        return count() == 0;
    }

    /** Of requests in flight. */
    int count() {
        return pending.length - freeCount;
    }

    /** The calls in flight, by slot. */
    List<Call<?>> inFlight() {
        List<Call<?>> calls = new ArrayList<>();
        for (Call<?> call : pending) {
            if (call != null) {
                calls.add(call);
            }
        }
        return calls;
    }
}
