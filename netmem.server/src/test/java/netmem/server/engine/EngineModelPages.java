package netmem.server.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import netmem.api.Status;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/** The pages of {@link EngineModel} with their holders and lines, and what each operation does to them. Confined to the test's thread. */
final class EngineModelPages {
    static final int WAITERS_PER_PAGE_MAX = 4;
    static final int LOCKS_PER_SESSION_MAX = 3;

    final List<Page> all = new ArrayList<>();
    private long arrivals;

    EngineModelPages() {
        for (int i = 0; i < EngineFixture.PAGES; i++) {
            all.add(new Page());
        }
    }

    Page page(long index) {
        return all.get(Math.toIntExact(index));
    }

    static final class Page {
        long version = 1;
        int value;

        @Nullable
        Grant holder;

        final List<Waiting> line = new ArrayList<>();
    }

    /** A lock held; the token is 0 until the engine has told it. */
    static final class Grant {
        final Client client;
        final long handle;
        long token;

        Grant(Client client, long handle) {
            this.client = client;
            this.handle = handle;
        }
    }

    /** A session and how it is reached. */
    static final class Client {
        final EngineClient real;
        final long leaseNanos;
        final Map<Integer, Outcome> slots = new HashMap<>();
        long connection;
        long heardNanos;
        boolean ended;

        Client(EngineClient real, long leaseNanos, long nowNanos) {
            this.real = real;
            this.leaseNanos = leaseNanos;
            this.connection = real.connection;
            this.heardNanos = nowNanos;
        }

        boolean isAlive(long nowNanos) {
            return !ended && (leaseNanos == Session.NO_LEASE || nowNanos < heardNanos + leaseNanos);
        }
    }

    static final class Outcome {
        final long requestId;
        final Opcode opcode;

        /** Null while it waits. */
        @Nullable
        Reply reply;

        @Nullable
        Grant grant;

        Outcome(long requestId, Opcode opcode) {
            this.requestId = requestId;
            this.opcode = opcode;
        }
    }

    record Waiting(Client client, Outcome outcome, Request request, int version02, long number, long deadlineNanos) {}

    /** A reply, to a caller or as an effect; a grant's token is to be filled in. No reply: the connection is detached. */
    record Expected(
            long connection,
            long requestId,
            @Nullable Reply reply,
            @Nullable Grant grant) {}

    static ByteBuffer bytes(int value) {
        return ByteBuffer.allocate(EngineFixture.PAGE_LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, value);
    }

    static Reply failed(Status status) {
        return new Reply.Failed(status, 0, 0, "");
    }

    @Nullable
    Reply recorded(Client client, Outcome outcome, Request request, int version02, long nowNanos) {
        return switch (request) {
            case Request.Lock lock -> lock(client, outcome, lock, nowNanos);
            case Request.Write write -> write(client, outcome, write, version02, nowNanos);
            case Request.Unlock unlock -> {
                Page page = page(unlock.page());
                if (!isHeldBy(page, client, unlock.token())) {
                    yield failed(Status.FENCED);
                }
                if (unlock.ranges().count() > 0) {
                    change(page, unlock.data(), page.version + 1);
                }
                page.holder = null;
                yield new Reply.Written(page.version);
            }
            default -> throw new IllegalStateException("not recorded: " + request);
        };
    }

    private static boolean isHeldBy(Page page, Client client, long token) {
        return page.holder != null && page.holder.client == client && page.holder.token == token;
    }

    private static void change(Page page, ByteBuffer data, long version) {
        page.value = data.order(ByteOrder.LITTLE_ENDIAN).getInt(data.position());
        page.version = version;
    }

    private @Nullable Reply lock(Client client, Outcome outcome, Request.Lock lock, long nowNanos) {
        Page page = page(lock.page());
        if (page.holder != null && page.holder.client == client && page.holder.handle == lock.handle()) {
            return failed(Status.ALREADY_LOCKED);
        }
        long locks = 0;
        for (Page each : all) {
            locks += each.holder != null && each.holder.client == client ? 1 : 0;
            locks += each.line.stream()
                    .filter(waiting -> waiting.client == client)
                    .count();
        }
        if (locks >= LOCKS_PER_SESSION_MAX) {
            return failed(Status.BUSY);
        }
        return page.holder == null
                ? grant(client, outcome, lock)
                : await(client, outcome, lock, lock.waitMillis(), 0, nowNanos);
    }

    Reply grant(Client client, Outcome outcome, Request.Lock lock) {
        Page page = page(lock.page());
        Grant grant = new Grant(client, lock.handle());
        page.holder = grant;
        outcome.grant = grant;
        boolean full = lock.withData() && lock.versionHeld() != page.version;
        Reply.Granted.Content content = full
                ? Reply.Granted.Content.FULL
                : lock.withData() ? Reply.Granted.Content.NOT_MODIFIED : Reply.Granted.Content.NONE;
        return new Reply.Granted(0, page.version, content, full ? bytes(page.value) : ByteBuffer.allocate(0));
    }

    private @Nullable Reply write(Client client, Outcome outcome, Request.Write write, int version02, long nowNanos) {
        Page page = page(write.page());
        boolean own = page.holder != null && page.holder.client == client;
        if (client.leaseNanos == Session.NO_LEASE && own) {
            page.holder = null;
        } else if (write.token() != 0) {
            return isHeldBy(page, client, write.token()) ? changed(write, version02) : failed(Status.FENCED);
        }
        return page.holder == null
                ? changed(write, version02)
                : await(client, outcome, write, write.waitMillis(), version02, nowNanos);
    }

    Reply changed(Request.Write write, int version02) {
        Page page = page(write.page());
        if (write.ifVersion() != 0 && write.ifVersion() != page.version) {
            return new Reply.ConditionFailed(page.version, write.returnCurrent() ? bytes(page.value) : null);
        }
        change(page, write.data(), Math.max(page.version + 1, version02));
        return new Reply.Written(page.version);
    }

    private @Nullable Reply await(
            Client client, Outcome outcome, Request request, int waitMillis, int version02, long nowNanos) {
        if (waitMillis == 0) {
            return failed(Status.LOCKED);
        }
        Page page = page(page(request));
        if (page.line.size() >= WAITERS_PER_PAGE_MAX) {
            return failed(Status.BUSY);
        }
        long deadline = nowNanos + waitMillis * 1_000_000L;
        page.line.add(new Waiting(client, outcome, request, version02, ++arrivals, deadline));
        return null;
    }

    static long page(Request request) {
        return switch (request) {
            case Request.Lock lock -> lock.page();
            case Request.Write write -> write.page();
            default -> throw new IllegalStateException("never waits: " + request);
        };
    }

    boolean withdraw(Outcome outcome) {
        boolean waited = false;
        for (Page page : all) {
            waited |= page.line.removeIf(waiting -> waiting.outcome == outcome);
        }
        return waited;
    }
}
