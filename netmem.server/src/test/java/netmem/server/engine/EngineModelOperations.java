package netmem.server.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.engine.EngineModelPages.Client;
import netmem.server.engine.EngineModelPages.Grant;
import netmem.server.engine.EngineModelPages.Outcome;
import netmem.server.engine.EngineModelPages.Page;
import netmem.server.engine.EngineModelPages.Waiting;
import netmem.server.engine.EngineModelPages.Want;
import org.jspecify.annotations.Nullable;

/** What each recorded operation does in {@link EngineModel}. Confined to the test's thread. */
final class EngineModelOperations {
    private final EngineModelPages pages;
    private final EngineModelTransactions transactions;
    private long arrivals;

    EngineModelOperations(EngineModelPages pages) {
        this.pages = pages;
        this.transactions = new EngineModelTransactions(pages);
    }

    /** The reply; null when it waits. */
    @Nullable
    Reply run(Client client, Outcome outcome, Request request, int version02, long nowNanos) {
        return switch (request) {
            case Request.Lock lock -> lock(client, outcome, lock, wants(lock), lock.waitMillis(), nowNanos);
            case Request.LockMany many -> lock(client, outcome, many, wants(many), many.waitMillis(), nowNanos);
            case Request.Unlock unlock -> unlock(client, unlock);
            case Request.Write write -> write(client, outcome, write, version02, nowNanos);
            case Request.Atomic atomic -> {
                Page page = pages.page(atomic.page());
                yield changing(client, outcome, atomic, page, atomic.token(), atomic.waitMillis(), 0, nowNanos);
            }
            case Request.Transact transact -> {
                Reply refusal = transactions.refusal(client, outcome, transact);
                List<Want> wants = transactions.wants(client, transact);
                yield refusal != null
                        ? refusal
                        : runOrAwait(client, outcome, transact, wants, transact.waitMillis(), 0, nowNanos);
            }
            case Request.AwaitNewer await -> awaitNewer(client, outcome, await, nowNanos);
            default -> throw new IllegalStateException("not recorded: " + request);
        };
    }

    private List<Want> wants(Request.Lock lock) {
        return List.of(new Want(pages.page(lock.page()), lock.shared()));
    }

    private List<Want> wants(Request.LockMany many) {
        return many.wants().stream()
                .map(want -> new Want(pages.page(want.page()), want.shared()))
                .toList();
    }

    private @Nullable Reply lock(
            Client client, Outcome outcome, Request request, List<Want> wants, int waitMillis, long nowNanos) {
        Long handle = EngineModelPages.handle(request);
        for (Want want : wants) {
            if (handle == null || pages.hasOrAwaits(client, handle, want.page())) {
                return EngineModelPages.failed(Status.ALREADY_LOCKED);
            }
        }
        if (pages.locksOf(client) + wants.size() > EngineModelPages.LOCKS_PER_SESSION_MAX) {
            return EngineModelPages.failed(Status.BUSY);
        }
        return runOrAwait(client, outcome, request, wants, waitMillis, 0, nowNanos);
    }

    private Reply unlock(Client client, Request.Unlock unlock) {
        Page page = pages.page(unlock.page());
        Grant grant = page.grantOf(client, unlock.token());
        boolean changing = unlock.ranges().count() > 0;
        if (grant == null || (changing && grant.shared)) {
            return EngineModelPages.failed(Status.FENCED);
        }
        if (changing) {
            pages.change(page, number(unlock.data()), page.word, page.version + 1);
        }
        page.holders.remove(grant);
        return new Reply.Written(page.version);
    }

    static int number(ByteBuffer data) {
        return data.order(ByteOrder.LITTLE_ENDIAN).getInt(data.position());
    }

    private @Nullable Reply write(Client client, Outcome outcome, Request.Write write, int version02, long nowNanos) {
        Page page = pages.page(write.page());
        Grant exclusive = page.exclusive();
        if (client.leaseNanos == Session.NO_LEASE && exclusive != null && exclusive.client == client) {
            page.holders.clear();
            return perform(client, outcome, write, version02);
        }
        return changing(client, outcome, write, page, write.token(), write.waitMillis(), version02, nowNanos);
    }

    private @Nullable Reply changing(
            Client client,
            Outcome outcome,
            Request request,
            Page page,
            long token,
            int waitMillis,
            int version02,
            long nowNanos) {
        if (token != 0) {
            Grant grant = page.grantOf(client, token);
            return grant != null && !grant.shared
                    ? perform(client, outcome, request, version02)
                    : EngineModelPages.failed(Status.FENCED);
        }
        return runOrAwait(client, outcome, request, List.of(new Want(page, false)), waitMillis, version02, nowNanos);
    }

    private @Nullable Reply runOrAwait(
            Client client,
            Outcome outcome,
            Request request,
            List<Want> wants,
            int waitMillis,
            int version02,
            long nowNanos) {
        if (wants.stream()
                .allMatch(want -> want.page().line.isEmpty() && want.page().admits(want.shared()))) {
            return perform(client, outcome, request, version02);
        }
        if (waitMillis == 0) {
            return EngineModelPages.failed(Status.LOCKED);
        }
        if (wants.stream().anyMatch(want -> want.page().line.size() >= EngineModelPages.WAITERS_PER_PAGE_MAX)) {
            return EngineModelPages.failed(Status.BUSY);
        }
        long deadline = nowNanos + waitMillis * 1_000_000L;
        List<Want> rising = wants.stream()
                .sorted(Comparator.comparingLong(want -> want.page().index))
                .toList();
        Waiting waiting = new Waiting(client, outcome, request, rising, version02, ++arrivals, deadline);
        boolean _ = waiting.goesThrough();
        if (pages.waitsForItself(waiting)) {
            pages.withdraw(outcome);
            return EngineModelPages.failed(Status.DEADLOCK);
        }
        return null;
    }

    private @Nullable Reply awaitNewer(Client client, Outcome outcome, Request.AwaitNewer await, long nowNanos) {
        Page page = pages.page(await.page());
        if (page.version > await.version()) {
            return new Reply.Written(page.version);
        }
        if (await.waitMillis() == 0) {
            return EngineModelPages.failed(Status.TIMEOUT);
        }
        long same = pages.newer.stream()
                .filter(waiting ->
                        waiting.request() instanceof Request.AwaitNewer other && other.page() == await.page())
                .count();
        if (same >= EngineModelPages.WAITERS_PER_PAGE_MAX) {
            return EngineModelPages.failed(Status.BUSY);
        }
        long deadline = nowNanos + await.waitMillis() * 1_000_000L;
        pages.newer.add(new Waiting(client, outcome, await, List.of(), 0, ++arrivals, deadline));
        return null;
    }

    /** Does it, now that nothing stands in its way. */
    Reply perform(Client client, Outcome outcome, Request request, int version02) {
        return switch (request) {
            case Request.Lock lock -> {
                outcome.grants =
                        List.of(grant(client, lock.handle(), wants(lock).getFirst()));
                yield granted(pages.page(lock.page()), lock);
            }
            case Request.LockMany many -> grantedMany(client, outcome, many);
            case Request.Write write -> write(client, write, version02);
            case Request.Atomic atomic -> atomic(atomic);
            case Request.Transact transact -> transactions.run(client, outcome, transact);
            case Request.AwaitNewer await -> new Reply.Written(pages.page(await.page()).version);
            default -> throw new IllegalStateException("never waits: " + request);
        };
    }

    private static Grant grant(Client client, long handle, Want want) {
        Grant grant = new Grant(client, handle, want.shared(), want.page());
        want.page().holders.add(grant);
        return grant;
    }

    private static Reply granted(Page page, Request.Lock lock) {
        boolean full = lock.withData() && lock.versionHeld() != page.version;
        Reply.Granted.Content content = full
                ? Reply.Granted.Content.FULL
                : lock.withData() ? Reply.Granted.Content.NOT_MODIFIED : Reply.Granted.Content.NONE;
        return new Reply.Granted(0, page.version, content, full ? page.bytes() : ByteBuffer.allocate(0));
    }

    private Reply grantedMany(Client client, Outcome outcome, Request.LockMany many) {
        List<@Nullable Grant> grants = new ArrayList<>();
        List<Reply.GrantedMany.Grant> told = new ArrayList<>();
        for (Want want : wants(many)) {
            grants.add(grant(client, many.handle(), want));
            told.add(new Reply.GrantedMany.Grant(0, want.page().version));
        }
        outcome.grants = grants;
        return new Reply.GrantedMany(told);
    }

    private Reply write(Client client, Request.Write write, int version02) {
        Page page = pages.page(write.page());
        if (write.ifVersion() != 0 && write.ifVersion() != page.version) {
            return new Reply.ConditionFailed(page.version, write.returnCurrent() ? page.bytes() : null);
        }
        long word = client.leaseNanos == Session.NO_LEASE ? 0 : page.word; // an old client writes whole pages
        pages.change(page, number(write.data()), word, Math.max(page.version + 1, version02));
        return new Reply.Written(page.version);
    }

    private Reply atomic(Request.Atomic atomic) {
        Page page = pages.page(atomic.page());
        long old = page.word;
        boolean unequal = atomic.function() == WordFunction.COMPARE_AND_SET && old != atomic.expected();
        if (unequal || (atomic.ifVersion() != 0 && atomic.ifVersion() != page.version)) {
            return new Reply.ConditionFailed(page.version, EngineModelTransactions.word(old));
        }
        pages.change(page, page.value, atomic.function().apply(old, atomic.operand()), page.version + 1);
        return new Reply.Fetched(page.version, old);
    }
}
