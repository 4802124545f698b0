package netmem.server.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.engine.EngineModelPages.Client;
import netmem.server.engine.EngineModelPages.Expected;
import netmem.server.engine.EngineModelPages.Outcome;
import netmem.server.engine.EngineModelPages.Page;
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

    /** The reply; null for a request that waits. */
    @Nullable
    Expected execute(Client client, long connection, long requestId, Request request, int version02, long nowNanos) {
        if (client.ended || client.connection != connection) {
            return new Expected(connection, requestId, EngineModelPages.failed(Status.SESSION_EXPIRED), null);
        }
        client.heardNanos = nowNanos;
        if (!request.opcode().isRecorded()) {
            Reply reply = unrecorded(client, request);
            serve(nowNanos);
            return new Expected(connection, requestId, reply, null);
        }
        Outcome newest = client.slots.get(FrameHeader.slot(requestId));
        if (newest != null && newest.requestId >= requestId) {
            return repeated(newest, connection, requestId, request);
        }
        if (newest != null) {
            pages.withdraw(newest);
        }
        Outcome outcome = new Outcome(requestId, request.opcode());
        client.slots.put(FrameHeader.slot(requestId), outcome);
        outcome.reply = pages.recorded(client, outcome, request, version02, nowNanos);
        serve(nowNanos);
        return outcome.reply == null ? null : new Expected(connection, requestId, outcome.reply, outcome.grant);
    }

    private static @Nullable Expected repeated(Outcome newest, long connection, long requestId, Request request) {
        if (newest.requestId > requestId) {
            return new Expected(connection, requestId, EngineModelPages.failed(Status.STALE_REQUEST), null);
        }
        if (newest.opcode != request.opcode()) {
            return new Expected(connection, requestId, EngineModelPages.failed(Status.BAD_FRAME), null);
        }
        Reply reply = switch (newest.reply) {
            case Reply.Granted granted
            when granted.content() == Reply.Granted.Content.FULL ->
                new Reply.Granted(0, granted.version(), Reply.Granted.Content.ELIDED, ByteBuffer.allocate(0));
            case Reply.ConditionFailed condition -> new Reply.ConditionFailed(condition.version(), null);
            case null, default -> newest.reply;
        };
        return reply == null ? null : new Expected(connection, requestId, reply, newest.grant);
    }

    private Reply unrecorded(Client client, Request request) {
        return switch (request) {
            case Request.Read read -> {
                Page page = pages.page(read.page());
                yield page.version == read.versionHeld()
                        ? new Reply.NotModified(page.version)
                        : new Reply.Data(page.version, EngineModelPages.bytes(page.value));
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
            default -> new Reply.Done();
        };
    }

    private void complete(Client client, Outcome outcome, Reply reply) {
        outcome.reply = reply;
        if (client.connection != 0) {
            effects.add(new Expected(client.connection, outcome.requestId, reply, outcome.grant));
        }
    }

    /** Moves every line whose page is free, until all stand still. */
    private void serve(long nowNanos) {
        for (int i = 0; i < pages.all.size(); i++) {
            Page page = pages.page(i);
            if (page.holder == null && !page.line.isEmpty()) {
                serve(page.line.removeFirst(), nowNanos);
                i = -1;
            }
        }
    }

    private void serve(Waiting first, long nowNanos) {
        if (!first.client().isAlive(nowNanos)) {
            expire(first.client());
        } else if (first.deadlineNanos() <= nowNanos) {
            complete(first.client(), first.outcome(), EngineModelPages.failed(Status.TIMEOUT));
        } else {
            Reply reply = first.request() instanceof Request.Lock lock
                    ? pages.grant(first.client(), first.outcome(), lock)
                    : pages.changed((Request.Write) first.request(), first.version02());
            complete(first.client(), first.outcome(), reply);
        }
    }

    void tick(long nowNanos) {
        List<Waiting> late = new ArrayList<>();
        for (Page page : pages.all) {
            page.line.stream()
                    .filter(waiting -> waiting.deadlineNanos() <= nowNanos)
                    .forEach(late::add);
        }
        late.sort(Comparator.comparingLong(Waiting::deadlineNanos).thenComparingLong(Waiting::number));
        for (Waiting waiting : late) {
            pages.withdraw(waiting.outcome());
            complete(waiting.client(), waiting.outcome(), EngineModelPages.failed(Status.TIMEOUT));
        }
        for (Client client : clients) {
            if (!client.ended && !client.isAlive(nowNanos)) {
                expire(client);
            }
        }
        serve(nowNanos);
    }

    private void expire(Client client) {
        if (client.connection != 0) {
            effects.add(new Expected(client.connection, 0, null, null));
        }
        end(client);
    }

    private void end(Client client) {
        client.ended = true;
        for (Page page : pages.all) {
            page.line.removeIf(waiting -> waiting.client() == client);
            if (page.holder != null && page.holder.client == client) {
                page.holder = null;
            }
        }
    }

    void disconnected(Client client, long nowNanos) {
        client.connection = 0;
        if (client.leaseNanos == Session.NO_LEASE && !client.ended) {
            end(client);
            serve(nowNanos);
        }
    }

    /** The session is reached by another connection now. */
    void resumed(Client client, long connection, long nowNanos) {
        client.heardNanos = nowNanos;
        if (client.connection != 0) {
            effects.add(new Expected(client.connection, 0, null, null));
        }
        client.connection = connection;
    }
}
