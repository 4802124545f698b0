package netmem.api.wire;

import static java.util.Map.entry;

import java.util.Map;
import netmem.api.Status;

/** What each {@code reply-failed-*.hex} file says, built in Java: every status and every form of a failure. Pure. */
final class FailureVectors {
    private FailureVectors() {}

    static Map<String, ReplyVectors.Case> all() {
        return Map.ofEntries(
                entry(
                        "reply-failed-locked",
                        failed(Status.LOCKED, Opcode.WRITE, 6, 1, 12, 0, "token: 12 (expected: 0) page=5")),
                entry(
                        "reply-failed-timeout",
                        failed(
                                Status.TIMEOUT,
                                Opcode.LOCK,
                                7,
                                2,
                                5000,
                                5000,
                                "waited: 5000 (expected: < 5000) page=1")),
                entry(
                        "reply-failed-fenced",
                        failed(Status.FENCED, Opcode.UNLOCK, 8, 1, 12, 15, "token: 12 (expected: 15) page=5")),
                entry(
                        "reply-failed-deadlock",
                        failed(Status.DEADLOCK, Opcode.LOCK, 7, 4, 3, 0, "cycle: 3 (expected: 0) page=5")),
                entry("reply-failed-cancelled", failed(Status.CANCELLED, Opcode.LOCK, 5, 77, 0, 0, "")),
                entry("reply-failed-already-locked", alreadyLocked()),
                entry(
                        "reply-failed-busy",
                        failed(Status.BUSY, Opcode.LOCK, 7, 3, 4096, 4095, "waiters: 4096 (expected: <= 4095)")),
                entry("reply-failed-too-large", tooLarge()),
                entry("reply-failed-no-such-page", noSuchPage()),
                entry(
                        "reply-failed-bad-range",
                        failed(
                                Status.BAD_RANGE,
                                Opcode.WRITE,
                                6,
                                1,
                                4097,
                                4096,
                                "range end: 4097 (expected: <= 4096) page=5")),
                entry(
                        "reply-failed-bad-frame",
                        failed(Status.BAD_FRAME, Opcode.READ, 3, 1, 4, 0, "bytes after the body: 4 (expected: 0)")),
                entry("reply-failed-connection-error", connectionError()),
                entry("reply-failed-unknown-operation", unknownOperation()),
                entry(
                        "reply-failed-unsupported-version",
                        failed(
                                Status.UNSUPPORTED_VERSION,
                                Opcode.HELLO,
                                0,
                                1,
                                3,
                                1,
                                "protocol version: 3 (expected: 1)")),
                entry(
                        "reply-failed-stale-request",
                        failed(Status.STALE_REQUEST, Opcode.WRITE, 6, 2, 2, 3, "sequence: 2 (expected: >= 3) slot=6")),
                entry("reply-failed-denied", failed(Status.DENIED, Opcode.HELLO, 0, 1, 0, 0, "credentials")),
                entry("reply-failed-session-expired", sessionExpired()),
                entry(
                        "reply-failed-incarnation-changed",
                        failed(Status.INCARNATION_CHANGED, Opcode.HELLO, 0, 7, 0, 0, "")),
                entry("reply-failed-not-ready", failed(Status.NOT_READY, Opcode.WRITE, 6, 5, 0, 0, "stopping")),
                entry(
                        "reply-failed-not-leader",
                        failed(Status.NOT_LEADER, Opcode.WRITE, 6, 6, 1, 2, "node: 1 (expected: 2)")),
                entry(
                        "reply-failed-wrong-group",
                        failed(Status.WRONG_GROUP, Opcode.WRITE, 6, 7, 1, 2, "group: 1 (expected: 2)")),
                entry(
                        "reply-failed-internal",
                        failed(Status.INTERNAL, Opcode.STATS, 1, 2, 0, 0, "internal error; see the log of the server")),
                entry("reply-failed-max", failed(Status.TIMEOUT, Opcode.LOCK, 7, 5, -1, -1, "m".repeat(509) + "€")));
    }

    private static ReplyVectors.Case failed(
            Status status, Opcode opcode, int slot, long sequence, long actual, long expected, String message) {
        return new ReplyVectors.Case(new Reply.Failed(status, actual, expected, message), opcode, slot, sequence);
    }

    private static ReplyVectors.Case alreadyLocked() {
        String message = "handle: 1 holds the page (expected: 0) page=5";
        return failed(Status.ALREADY_LOCKED, Opcode.LOCK, 7, 1, 1, 0, message);
    }

    private static ReplyVectors.Case tooLarge() {
        String message = "reply bytes: 2097152 (expected: <= 1064960)";
        return failed(Status.TOO_LARGE, Opcode.READ_MANY, 4, 1, 2_097_152, 1_064_960, message);
    }

    private static ReplyVectors.Case noSuchPage() {
        String message = "page: 18446744073709551615 (expected: < 1024)";
        return failed(Status.NO_SUCH_PAGE, Opcode.READ, 65_535, (1L << 48) - 1, -1, 1024, message);
    }

    private static ReplyVectors.Case sessionExpired() {
        String message = "silence: 10001 (expected: <= 10000)";
        return failed(Status.SESSION_EXPIRED, Opcode.WRITE, 6, 4, 10_001, 10_000, message);
    }

    /** It answers no request. */
    private static ReplyVectors.Case connectionError() {
        Reply reply = new Reply.Failed(Status.BAD_FRAME, 15, 16, "frame length: 15 (expected: >= 16)");
        return new ReplyVectors.Case(reply, 0, 0);
    }

    private static ReplyVectors.Case unknownOperation() {
        Reply reply = new Reply.Failed(Status.UNKNOWN_OPERATION, 126, 2, "opcode: 126 (expected: a known one)");
        return new ReplyVectors.Case(reply, 126, FrameHeader.requestId(9, 1));
    }
}
