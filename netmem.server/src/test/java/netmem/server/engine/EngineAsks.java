package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import netmem.api.WordFunction;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.Step;

/** Requests and replies of joint and shared locks, atomics and transactions, in few words. Pure. */
final class EngineAsks {
    private EngineAsks() {}

    static Request.Lock exclusive(long page, long handle, int waitMillis) {
        return new Request.Lock(page, handle, waitMillis, false, 0);
    }

    static Request.Lock shared(long page, long handle, int waitMillis) {
        return new Request.Lock(page, handle, waitMillis, true, false, 0);
    }

    /** All exclusive. */
    static Request.LockMany many(long handle, int waitMillis, long... pages) {
        return many(
                handle,
                waitMillis,
                Arrays.stream(pages)
                        .mapToObj(page -> new Request.LockMany.Want(page, false))
                        .toArray(Request.LockMany.Want[]::new));
    }

    static Request.LockMany many(long handle, int waitMillis, Request.LockMany.Want... wants) {
        return new Request.LockMany(handle, waitMillis, List.of(wants));
    }

    static Request.Atomic atomic(long page, WordFunction function, long operand) {
        return new Request.Atomic(page, 0, 0, 0, 0, function, operand, 0);
    }

    static Request.Transact transact(Step... steps) {
        return transact(0, steps);
    }

    static Request.Transact transact(int waitMillis, Step... steps) {
        return new Request.Transact(waitMillis, false, List.of(steps));
    }

    static Step write(long page, int value) {
        return new Step.Write(page, 0, EngineFixture.number(value));
    }

    static ByteBuffer word(long value) {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
    }

    static long token(Reply reply) {
        return assertInstanceOf(Reply.Granted.class, reply).token();
    }

    static Reply granted(long token, long version) {
        return new Reply.Granted(token, version, Reply.Granted.Content.NONE, PageChange.NOTHING);
    }

    static List<Long> tokens(Reply reply) {
        return assertInstanceOf(Reply.GrantedMany.class, reply).grants().stream()
                .map(Reply.GrantedMany.Grant::token)
                .toList();
    }

    static Reply grantedMany(Reply.GrantedMany.Grant... grants) {
        return new Reply.GrantedMany(List.of(grants));
    }
}
