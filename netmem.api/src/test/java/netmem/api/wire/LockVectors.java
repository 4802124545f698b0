package netmem.api.wire;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import netmem.api.Status;
import netmem.api.wire.Reply.Known.State;
import netmem.api.wire.Reply.LockState.Mode;

/** What the files of shared and joint locks, lock information, outcomes and watches say, built in Java. Pure. */
final class LockVectors {
    private LockVectors() {}

    static Map<String, RequestVectors.Case> requests() {
        return Map.ofEntries(
                entry("request-lock-shared", request(new Request.Lock(5, 1, 0, true, false, 0), 7, 3)),
                entry("request-lock-shared-with-data", request(new Request.Lock(5, 1, 5000, true, true, 41), 7, 4)),
                entry("request-lock-many", request(lockMany(), 7, 5)),
                entry(
                        "request-lock-many-one",
                        request(new Request.LockMany(0xfeedfaceL, 0, List.of(want(0, true))), 7, 6)),
                entry("request-lock-info", request(new Request.LockInfo(5), 1, 4)),
                entry("request-outcome", request(new Request.Outcome(FrameHeader.requestId(5, 77)), 1, 3)),
                entry("request-watch", request(new Request.Watch(5, 1, List.of()), 11, 1)),
                entry("request-watch-seen", request(watchSeen(), 11, 2)),
                entry("request-unwatch", request(new Request.Unwatch(16, 64), 11, 3)),
                entry("request-await-newer", request(new Request.AwaitNewer(5, 41, 30_000), 12, 1)));
    }

    private static RequestVectors.Case request(Request request, int slot, long sequence) {
        return new RequestVectors.Case(request, slot, sequence);
    }

    private static Request lockMany() {
        return new Request.LockMany(1, 5000, List.of(want(1, false), want(5, true), want(-1, false)));
    }

    private static Request.LockMany.Want want(long page, boolean shared) {
        return new Request.LockMany.Want(page, shared);
    }

    private static Request watchSeen() {
        return new Request.Watch(
                16,
                64,
                List.of(new Request.Watch.Seen(17, 9), new Request.Watch.Seen(40, 2), new Request.Watch.Seen(79, 0)));
    }

    static Map<String, ReplyVectors.Case> replies() {
        return Map.ofEntries(
                entry("reply-lock-many", new ReplyVectors.Case(grantedMany(), Opcode.LOCK_MANY, 7, 5)),
                entry("reply-lock-info-free", lockInfo(new Reply.LockState(Mode.FREE, 0, 0, 0, 0, ""))),
                entry(
                        "reply-lock-info-exclusive",
                        lockInfo(new Reply.LockState(Mode.EXCLUSIVE, 1, 2, 12, 1500, "worker-3"))),
                entry("reply-lock-info-shared", lockInfo(new Reply.LockState(Mode.SHARED, 3, 0, 13, 20, "zähler"))),
                entry("reply-outcome-not-seen", outcome(State.NOT_SEEN, Status.OK)),
                entry("reply-outcome-waiting", outcome(State.WAITING, Status.OK)),
                entry("reply-outcome-done", outcome(State.DONE, Status.OK)),
                entry("reply-outcome-done-timeout", outcome(State.DONE, Status.TIMEOUT)),
                entry("reply-watch", new ReplyVectors.Case(new Reply.Done(), Opcode.WATCH, 11, 1)),
                entry("reply-unwatch", new ReplyVectors.Case(new Reply.Done(), Opcode.UNWATCH, 11, 3)),
                entry("push-changed", new ReplyVectors.Case(changed(), Opcode.CHANGED.code(), 0)),
                entry("reply-await-newer", new ReplyVectors.Case(new Reply.Written(43), Opcode.AWAIT_NEWER, 12, 1)));
    }

    private static Reply grantedMany() {
        return new Reply.GrantedMany(List.of(
                new Reply.GrantedMany.Grant(16, 42),
                new Reply.GrantedMany.Grant(17, 1),
                new Reply.GrantedMany.Grant(18, 9)));
    }

    private static ReplyVectors.Case lockInfo(Reply.LockState state) {
        return new ReplyVectors.Case(state, Opcode.LOCK_INFO, 1, 4);
    }

    private static ReplyVectors.Case outcome(State state, Status outcome) {
        return new ReplyVectors.Case(new Reply.Known(state, outcome), Opcode.OUTCOME, 1, 3);
    }

    private static Reply changed() {
        return new Reply.Changed(List.of(
                new Reply.Committed.Version(17, 12),
                new Reply.Committed.Version(79, 1),
                new Reply.Committed.Version(5, -1)));
    }
}
