package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import netmem.server.engine.EngineModelPages.Expected;
import org.jspecify.annotations.Nullable;

/** What a reply of the engine and one of its model have in common. Pure, but for tokens that the model learns. */
final class EngineReplies {
    private EngineReplies() {}

    static void compare(Expected expected, Reply actual) {
        List<Long> told = switch (actual) {
            case Reply.Granted granted -> List.of(granted.token());
            case Reply.GrantedMany many ->
                many.grants().stream().map(Reply.GrantedMany.Grant::token).toList();
            default -> List.of();
        };
        learnReleased(expected.grants(), told);
        assertEquals(withTokens(expected), bare(actual));
    }

    /** A grant may be gone when its command is over: an old client's update drops a waiter of its slot, is granted what that held up, and releases it. */
    private static void learnReleased(List<EngineModelPages.@Nullable Grant> grants, List<Long> told) {
        for (int i = 0; i < Math.min(grants.size(), told.size()); i++) {
            EngineModelPages.Grant grant = grants.get(i);
            if (grant != null && grant.token == 0) {
                grant.token = told.get(i);
            }
        }
    }

    private static @Nullable Reply withTokens(Expected expected) {
        List<Long> tokens = expected.grants().stream()
                .map(grant -> grant == null ? 0L : grant.token)
                .toList();
        return switch (expected.reply()) {
            case Reply.Granted granted ->
                new Reply.Granted(tokens.getFirst(), granted.version(), granted.content(), granted.data());
            case Reply.GrantedMany many -> {
                List<Reply.GrantedMany.Grant> told = new ArrayList<>();
                for (int i = 0; i < tokens.size(); i++) {
                    long version = many.grants().get(i).version();
                    told.add(new Reply.GrantedMany.Grant(tokens.get(i), version));
                }
                yield new Reply.GrantedMany(told);
            }
            case Reply.NotCommitted not -> {
                List<Reply.NotCommitted.Compare> told = new ArrayList<>();
                for (int i = 0; i < tokens.size(); i++) {
                    Reply.NotCommitted.Compare one = not.compares().get(i);
                    told.add(new Reply.NotCommitted.Compare(
                            one.step(), one.page(), one.version(), tokens.get(i), one.current()));
                }
                yield new Reply.NotCommitted(told);
            }
            case null, default -> expected.reply();
        };
    }

    /** Values and text of failures are for the tests of each operation, and so is the age of a lock. */
    private static Reply bare(Reply reply) {
        return switch (reply) {
            case Reply.Failed failed -> new Reply.Failed(failed.status(), 0, 0, "");
            case Reply.LockState state ->
                new Reply.LockState(state.mode(), state.holders(), state.waiters(), state.token(), 0, state.name());
            default -> reply;
        };
    }

    /** The engine uses a request's data up. */
    static Request copy(Request request) {
        return switch (request) {
            case Request.Write write ->
                new Request.Write(
                        write.page(),
                        write.ifVersion(),
                        write.token(),
                        write.waitMillis(),
                        write.returnCurrent(),
                        write.ranges(),
                        write.data().duplicate());
            case Request.Unlock unlock ->
                new Request.Unlock(
                        unlock.page(),
                        unlock.token(),
                        unlock.ranges(),
                        unlock.data().duplicate());
            case Request.Transact transact ->
                new Request.Transact(
                        transact.waitMillis(),
                        transact.returnCurrent(),
                        transact.steps().stream().map(EngineReplies::copy).toList());
            default -> request;
        };
    }

    private static Step copy(Step step) {
        return switch (step) {
            case Step.Write(long page, int offset, ByteBuffer bytes) -> new Step.Write(page, offset, bytes.duplicate());
            case Step.CompareBytes(long page, int offset, ByteBuffer bytes) ->
                new Step.CompareBytes(page, offset, bytes.duplicate());
            default -> step;
        };
    }
}
