package netmem.api.wire;

import static java.util.Map.entry;
import static netmem.api.wire.RequestVectors.hex;
import static netmem.api.wire.RequestVectors.page64;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import netmem.api.WordFunction;
import org.jspecify.annotations.Nullable;

/** What the files of ATOMIC and TRANSACT say, built in Java. Pure. */
final class TransactVectors {
    private TransactVectors() {}

    static Map<String, RequestVectors.Case> requests() {
        return Map.ofEntries(
                entry("request-atomic-add", atomic(4, 5, 0, 0, 0, 8, WordFunction.ADD, 1, 0)),
                entry("request-atomic-and", atomic(5, 5, 0, 0, 0, 8, WordFunction.AND, 255, 0)),
                entry("request-atomic-or", atomic(6, 5, 0, 0, 0, 8, WordFunction.OR, Long.MIN_VALUE, 0)),
                entry("request-atomic-xor", atomic(7, 5, 0, 0, 0, 8, WordFunction.XOR, -1, 0)),
                entry("request-atomic-min", atomic(8, 5, 0, 0, 1000, 16, WordFunction.MIN, -1, 0)),
                entry("request-atomic-max", atomic(9, 5, 41, 0, 0, 16, WordFunction.MAX, 4096, 0)),
                entry("request-atomic-swap", atomic(10, 1, 0, 12, 0, 4088, WordFunction.SWAP, 7, 0)),
                entry(
                        "request-atomic-compare-and-set",
                        atomic(11, 1, 0, 0, 2500, 4088, WordFunction.COMPARE_AND_SET, 8, 7)),
                entry("request-atomic-max-fields", atomicMax()),
                entry("request-transact", transact(1, 0, true, moving())),
                entry("request-transact-empty", transact(2, 0, false, List.of())),
                entry("request-transact-compare-version", transact(3, new Step.CompareVersion(1, 41))),
                entry(
                        "request-transact-compare-token",
                        transact(4, new Step.CompareToken(1, 12), new Step.Write(1, 0, hex("01")))),
                entry("request-transact-compare-bytes", transact(5, new Step.CompareBytes(3, 60, hex("deadbeef")))),
                entry("request-transact-read", transact(6, new Step.Read(1, 0, 64), new Step.Read(2, 128, 8))),
                entry("request-transact-write", transact(7, 5000, false, writes())),
                entry(
                        "request-transact-atomic",
                        transact(
                                8,
                                new Step.Atomic(4, 8, WordFunction.ADD, 1),
                                new Step.Atomic(4, 8, WordFunction.MAX, 10))),
                entry("request-transact-release", transact(9, 0, false, releases())));
    }

    private static RequestVectors.Case atomic(
            long sequence,
            long page,
            long ifVersion,
            long token,
            int waitMillis,
            int offset,
            WordFunction function,
            long operand,
            long expected) {
        Request request = new Request.Atomic(page, ifVersion, token, waitMillis, offset, function, operand, expected);
        return new RequestVectors.Case(request, 6, sequence);
    }

    private static RequestVectors.Case atomicMax() {
        Request request = new Request.Atomic(-1, -1, -1, Integer.MAX_VALUE, -1, WordFunction.COMPARE_AND_SET, -1, -1);
        return new RequestVectors.Case(request, 65_535, (1L << 48) - 1);
    }

    private static RequestVectors.Case transact(long sequence, Step... steps) {
        return transact(sequence, 0, false, List.of(steps));
    }

    private static RequestVectors.Case transact(
            long sequence, int waitMillis, boolean returnCurrent, List<Step> steps) {
        return new RequestVectors.Case(new Request.Transact(waitMillis, returnCurrent, steps), 10, sequence);
    }

    private static List<Step> moving() {
        return List.of(
                new Step.CompareVersion(1, 41),
                new Step.CompareVersion(2, 7),
                new Step.Atomic(1, 0, WordFunction.ADD, -5),
                new Step.Atomic(2, 0, WordFunction.ADD, 5));
    }

    private static List<Step> writes() {
        return List.of(new Step.Write(1, 0, hex("0102030405060708")), new Step.Write(2, 4095, hex("ff")));
    }

    private static List<Step> releases() {
        return List.of(
                new Step.Write(1, 0, hex("aa")),
                new Step.Write(2, 0, hex("bb")),
                new Step.Release(1, 12),
                new Step.Release(2, 13));
    }

    static Map<String, ReplyVectors.Case> replies() {
        return Map.ofEntries(
                entry("reply-atomic", new ReplyVectors.Case(new Reply.Fetched(42, 41), Opcode.ATOMIC, 6, 4)),
                entry(
                        "reply-atomic-condition-failed",
                        new ReplyVectors.Case(
                                new Reply.ConditionFailed(44, hex("0900000000000000")), Opcode.ATOMIC, 6, 11)),
                entry("reply-transact", reply(1, committed())),
                entry("reply-transact-elided", reply(6, elided())),
                entry("reply-transact-elided-partly", reply(7, elidedPartly())),
                entry("reply-transact-empty", reply(2, new Reply.Committed(List.of(), List.of()))),
                entry(
                        "reply-transact-not-committed",
                        reply(
                                3,
                                new Reply.NotCommitted(List.of(failed(0, 1, 44, 0, null), failed(3, 2, 7, 15, null))))),
                entry(
                        "reply-transact-not-committed-with-page",
                        reply(1, new Reply.NotCommitted(List.of(failed(1, 2, 8, 0, page64()))))));
    }

    private static ReplyVectors.Case reply(long sequence, Reply reply) {
        return new ReplyVectors.Case(reply, Opcode.TRANSACT, 10, sequence);
    }

    private static Reply committed() {
        return new Reply.Committed(
                List.of(new Reply.Committed.Version(1, 42), new Reply.Committed.Version(2, 8)),
                List.of(
                        new Reply.Committed.Result(41, hex("deadbeef")),
                        new Reply.Committed.Result(7, hex("6400000000000000"))));
    }

    private static Reply elided() {
        return new Reply.Committed(
                List.of(), List.of(new Reply.Committed.Result(41, null), new Reply.Committed.Result(7, null)));
    }

    private static Reply elidedPartly() {
        return new Reply.Committed(
                List.of(),
                List.of(
                        new Reply.Committed.Result(41, null),
                        new Reply.Committed.Result(41, hex("0102030405060708")),
                        new Reply.Committed.Result(7, hex("09"))));
    }

    private static Reply.NotCommitted.Compare failed(
            int step, long page, long version, long token, @Nullable ByteBuffer current) {
        return new Reply.NotCommitted.Compare(step, page, version, token, current);
    }
}
