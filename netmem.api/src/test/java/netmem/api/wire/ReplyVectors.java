package netmem.api.wire;

import static java.util.Map.entry;
import static netmem.api.wire.RequestVectors.INCARNATION;
import static netmem.api.wire.RequestVectors.SESSION;
import static netmem.api.wire.RequestVectors.hex;
import static netmem.api.wire.RequestVectors.page64;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import netmem.api.wire.Reply.Granted.Content;

/**
 * What each {@code reply-*.hex} and {@code push-*.hex} file says, built in Java; {@link FailureVectors} has the failures, {@link TransactVectors} and
 * {@link LockVectors} what belongs to their operations. Pure.
 */
final class ReplyVectors {
    /** A reply, the code of its request's operation, and its id. */
    record Case(Reply reply, int opcode, long requestId) {
        Case(Reply reply, Opcode opcode, int slot, long sequence) {
            this(reply, opcode.code(), FrameHeader.requestId(slot, sequence));
        }
    }

    private ReplyVectors() {}

    static Map<String, Case> all() {
        Map<String, Case> all = new LinkedHashMap<>(successes());
        all.putAll(TransactVectors.replies());
        all.putAll(LockVectors.replies());
        all.putAll(FailureVectors.all());
        return all;
    }

    private static Map<String, Case> successes() {
        return Map.ofEntries(
                entry(
                        "reply-hello-new",
                        welcome(
                                new Reply.Welcome(1, false, SESSION, INCARNATION, 10_000, 256, 1_064_960, 1024, 4096),
                                1)),
                entry(
                        "reply-hello-resumed",
                        welcome(
                                new Reply.Welcome(
                                        1, true, SESSION, INCARNATION, 30_000, 65_536, 1 << 28, 1L << 40, 1 << 20),
                                7)),
                entry("reply-info", new Case(description(), Opcode.INFO, 1, 1)),
                entry("reply-stats", new Case(statistics(), Opcode.STATS, 1, 2)),
                entry("reply-ping", new Case(new Reply.Done(), Opcode.PING, 0, 2)),
                entry("reply-bye", new Case(new Reply.Done(), Opcode.BYE, 0, 9)),
                entry("reply-cancel", new Case(new Reply.Done(), Opcode.CANCEL, 2, 3)),
                entry("reply-read", new Case(new Reply.Data(10, page64()), Opcode.READ, 3, 1)),
                entry("reply-read-version", new Case(new Reply.Data(10, hex("")), Opcode.READ, 3, 2)),
                entry("reply-read-ranges", new Case(new Reply.Data(-1, hex("aaaaaaaabbbbcc")), Opcode.READ, 3, 3)),
                entry("reply-read-not-modified", new Case(new Reply.NotModified(9), Opcode.READ, 3, 1)),
                entry("reply-read-many", new Case(many(), Opcode.READ_MANY, 4, 1)),
                entry("reply-read-many-not-modified", new Case(manyNotModified(), Opcode.READ_MANY, 4, 2)),
                entry("reply-read-many-empty", new Case(new Reply.DataMany(List.of()), Opcode.READ_MANY, 4, 3)),
                entry("reply-write", new Case(new Reply.Written(42), Opcode.WRITE, 6, 1)),
                entry("reply-unlock", new Case(new Reply.Written(43), Opcode.UNLOCK, 8, 2)),
                entry(
                        "reply-write-condition-failed",
                        new Case(new Reply.ConditionFailed(44, null), Opcode.WRITE, 6, 3)),
                entry(
                        "reply-write-condition-failed-with-page",
                        new Case(new Reply.ConditionFailed(44, page64()), Opcode.WRITE, 6, 3)),
                entry("reply-lock", granted(12, 42, Content.NONE, 1)),
                entry("reply-lock-not-modified", granted(13, 41, Content.NOT_MODIFIED, 2)),
                entry("reply-lock-full", granted(14, 45, Content.FULL, 2)),
                entry("reply-lock-elided", granted(14, 45, Content.ELIDED, 2)));
    }

    private static Case welcome(Reply.Welcome welcome, long sequence) {
        return new Case(welcome, Opcode.HELLO, 0, sequence);
    }

    private static Case granted(long token, long version, Content content, long sequence) {
        Reply reply = new Reply.Granted(token, version, content, content == Content.FULL ? page64() : hex(""));
        return new Case(reply, Opcode.LOCK, 7, sequence);
    }

    private static Reply description() {
        Map<String, Long> limits = new LinkedHashMap<>();
        limits.put("waiters-max", 4096L);
        limits.put("frame-max-bytes", 1_064_960L);
        return new Reply.Description("1.0.0", limits);
    }

    private static Reply statistics() {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("readsCount", 12_345_678_901L);
        values.put("readP99Nanos", 23_500L);
        return new Reply.Statistics(values);
    }

    private static Reply many() {
        return new Reply.DataMany(
                List.of(new Reply.DataMany.Entry(7, hex("01020304")), new Reply.DataMany.Entry(8, hex("0506"))));
    }

    private static Reply manyNotModified() {
        return new Reply.DataMany(List.of(
                new Reply.DataMany.Entry(41, null),
                new Reply.DataMany.Entry(6, hex("")),
                new Reply.DataMany.Entry(9, hex("616263"))));
    }
}
