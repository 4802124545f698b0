package netmem.server.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.engine.EngineModelPages.Client;
import netmem.server.engine.EngineModelPages.Expected;
import netmem.server.engine.EngineModelPages.Grant;
import netmem.server.engine.EngineModelPages.Outcome;
import netmem.server.engine.EngineModelPages.Page;
import netmem.server.engine.EngineModelPages.Run;
import netmem.server.engine.EngineModelPages.Waiting;
import org.jspecify.annotations.Nullable;

/**
 * What an engine must do, written as plainly as can be: lists and maps, searched from one end to the other. Tokens are the engine's own to choose; the model
 * learns each from the engine and checks only that it is larger than all before. Confined to the test's thread.
 */
final class EngineModel {
    final EngineModelPages pages = new EngineModelPages();
    final List<Client> clients = new ArrayList<>();
    final List<Expected> effects = new ArrayList<>();
    private final EngineModelOperations operations = new EngineModelOperations(pages);

    /** The reply; null for a request that waits. */
    @Nullable
    Expected execute(Client client, long connection, long requestId, Request request, int version02, long nowNanos) {
        if (client.ended || client.connection != connection) {
            return new Expected(connection, requestId, EngineModelPages.failed(Status.SESSION_EXPIRED), List.of());
        }
        client.heardNanos = nowNanos;
        if (!request.opcode().isRecorded()) {
            Reply reply = unrecorded(client, request);
            settle(nowNanos);
            return new Expected(connection, requestId, reply, List.of());
        }
        Outcome newest = client.slots.get(FrameHeader.slot(requestId));
        if (newest != null && newest.requestId >= requestId) {
            return repeated(newest, connection, requestId, request);
        }
        if (newest != null && pages.withdraw(newest)) {
            settle(nowNanos);
        }
        Outcome outcome = new Outcome(requestId, request.opcode());
        outcome.connection = connection;
        client.slots.put(FrameHeader.slot(requestId), outcome);
        outcome.reply = operations.run(client, outcome, request, version02, nowNanos);
        settle(nowNanos);
        return outcome.reply == null ? null : new Expected(connection, requestId, outcome.reply, outcome.grants);
    }

    private static @Nullable Expected repeated(Outcome newest, long connection, long requestId, Request request) {
        if (newest.requestId > requestId) {
            return new Expected(connection, requestId, EngineModelPages.failed(Status.STALE_REQUEST), List.of());
        }
        if (newest.opcode != request.opcode()) {
            return new Expected(connection, requestId, EngineModelPages.failed(Status.BAD_FRAME), List.of());
        }
        newest.connection = connection;
        Reply reply = switch (newest.reply) {
            case Reply.Granted granted
            when granted.content() == Reply.Granted.Content.FULL ->
                new Reply.Granted(0, granted.version(), Reply.Granted.Content.ELIDED, ByteBuffer.allocate(0));
            case Reply.ConditionFailed condition
            when newest.opcode != Opcode.ATOMIC -> new Reply.ConditionFailed(condition.version(), null);
            case Reply.NotCommitted not ->
                new Reply.NotCommitted(not.compares().stream()
                        .map(one -> new Reply.NotCommitted.Compare(
                                one.step(), one.page(), one.version(), one.token(), null))
                        .toList());
            case null, default -> newest.reply;
        };
        return reply == null ? null : new Expected(connection, requestId, reply, newest.grants);
    }

    private Reply unrecorded(Client client, Request request) {
        return switch (request) {
            case Request.Read read -> {
                Page page = pages.page(read.page());
                yield page.version == read.versionHeld()
                        ? new Reply.NotModified(page.version)
                        : new Reply.Data(page.version, page.bytes());
            }
            case Request.Cancel(long target) -> {
                Outcome outcome = client.slots.get(FrameHeader.slot(target));
                if (outcome != null && outcome.requestId == target && pages.withdraw(outcome)) {
                    complete(client, outcome, EngineModelPages.failed(Status.CANCELLED));
                }
                yield new Reply.Done();
            }
            case Request.Bye _ -> {
                end(client);
                yield new Reply.Done();
            }
            case Request.Outcome(long target) -> outcome(client.slots.get(FrameHeader.slot(target)), target);
            case Request.LockInfo(long page) -> lockInfo(pages.page(page));
            case Request.Watch watch -> {
                client.watches.add(new Run(watch.first(), watch.count()));
                watch.seen().stream()
                        .filter(seen -> pages.page(seen.page()).version != seen.version())
                        .forEach(seen -> client.unsent.add(seen.page()));
                yield new Reply.Done();
            }
            case Request.Unwatch(long first, long count) -> {
                client.watches.remove(new Run(first, count));
                client.unsent.removeIf(page -> client.watches.stream().noneMatch(run -> run.has(page)));
                yield new Reply.Done();
            }
            default -> new Reply.Done();
        };
    }

    private static Reply outcome(@Nullable Outcome newest, long target) {
        if (newest == null || newest.requestId < target) {
            return new Reply.Known(Reply.Known.State.NOT_SEEN, Status.OK);
        }
        if (newest.requestId > target) {
            return EngineModelPages.failed(Status.STALE_REQUEST);
        }
        return newest.reply == null
                ? new Reply.Known(Reply.Known.State.WAITING, Status.OK)
                : new Reply.Known(Reply.Known.State.DONE, newest.reply.status());
    }

    private static Reply lockInfo(Page page) {
        int waiters = page.line.size();
        if (page.holders.isEmpty()) {
            return new Reply.LockState(Reply.LockState.Mode.FREE, 0, waiters, 0, 0, "");
        }
        Grant oldest = page.holders.getFirst();
        Reply.LockState.Mode mode = oldest.shared ? Reply.LockState.Mode.SHARED : Reply.LockState.Mode.EXCLUSIVE;
        return new Reply.LockState(
                mode, page.holders.size(), waiters, oldest.token, 0, oldest.client.real.session.name());
    }

    private void complete(Client client, Outcome outcome, Reply reply) {
        outcome.reply = reply;
        if (client.connection != 0 && client.connection == outcome.connection) {
            effects.add(new Expected(client.connection, outcome.requestId, reply, outcome.grants));
        }
    }

    /** Moves lines, then breaks a circle, until all stand still; then tells what changed. */
    private void settle(long nowNanos) {
        for (Waiting victim = standStill(nowNanos); victim != null; victim = standStill(nowNanos)) {
            pages.withdraw(victim.outcome());
            complete(victim.client(), victim.outcome(), EngineModelPages.failed(Status.DEADLOCK));
        }
        for (long index : pages.changed) {
            Page page = pages.page(index);
            for (Waiting waiting : List.copyOf(pages.newer)) {
                if (waiting.request() instanceof Request.AwaitNewer await
                        && await.page() == index
                        && await.version() < page.version) {
                    pages.newer.remove(waiting);
                    complete(waiting.client(), waiting.outcome(), new Reply.Written(page.version));
                }
            }
            clients.stream()
                    .filter(client -> client.watches.stream().anyMatch(run -> run.has(index)))
                    .forEach(client -> client.unsent.add(index));
        }
        pages.changed.clear();
    }

    /** The youngest in a circle when no line moves any more, or null. */
    private @Nullable Waiting standStill(long nowNanos) {
        for (Waiting next = ready(); next != null; next = ready()) {
            pages.withdraw(next.outcome());
            serve(next, nowNanos);
        }
        return pages.waiting().stream()
                .filter(pages::waitsForItself)
                .filter(pages::holdsSomething)
                .max(Comparator.comparingLong(Waiting::number))
                .orElse(null);
    }

    /** Looks at the first of each line, by rising page, in the line that it joined last. */
    private @Nullable Waiting ready() {
        for (Page page : pages.all) {
            Waiting first = page.line.isEmpty() ? null : page.line.getFirst();
            if (first != null && first.waitsAt(page) && first.goesThrough()) {
                return first;
            }
        }
        return null;
    }

    private void serve(Waiting first, long nowNanos) {
        if (!first.client().isAlive(nowNanos)) {
            expire(first.client());
        } else if (first.deadlineNanos() <= nowNanos) {
            complete(first.client(), first.outcome(), EngineModelPages.failed(Status.TIMEOUT));
        } else {
            Reply reply = operations.perform(first.client(), first.outcome(), first.request(), first.version02());
            complete(first.client(), first.outcome(), reply);
        }
    }

    void tick(long nowNanos) {
        for (Waiting waiting : pages.waiting()) {
            if (waiting.deadlineNanos() <= nowNanos) {
                pages.withdraw(waiting.outcome());
                complete(waiting.client(), waiting.outcome(), EngineModelPages.failed(Status.TIMEOUT));
            }
        }
        for (Client client : clients) {
            if (!client.ended && !client.isAlive(nowNanos)) {
                expire(client);
            }
        }
        settle(nowNanos);
    }

    private void expire(Client client) {
        if (client.connection != 0) {
            effects.add(new Expected(client.connection, 0, null, List.of()));
        }
        end(client);
    }

    private void end(Client client) {
        client.ended = true;
        pages.dropAll(client);
    }

    void disconnected(Client client, long nowNanos) {
        client.connection = 0;
        client.endWatches();
        if (client.leaseNanos == Session.NO_LEASE && !client.ended) {
            end(client);
            settle(nowNanos);
        }
    }

    /** The session is reached by another connection now. */
    void resumed(Client client, long connection, long nowNanos) {
        client.heardNanos = nowNanos;
        if (client.connection != 0) {
            effects.add(new Expected(client.connection, 0, null, List.of()));
        }
        client.connection = connection;
        client.endWatches();
    }
}
