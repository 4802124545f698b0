package netmem.server.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Request;
import netmem.server.engine.EngineModelPages.Client;
import netmem.server.engine.EngineModelPages.Grant;
import netmem.server.engine.EngineModelPages.Page;

/** Random requests that contend: few pages, likely versions and tokens, few slots. Confined to the test's thread. */
final class EngineRequests {
    static final int PAGES_USED = 3;
    private static final int SLOTS_USED = 4;
    private static final int[] WAITS = {0, 0, 20, 200, 2000, 20_000};

    private static final WordFunction[] FUNCTIONS = WordFunction.values();

    private final Random random;
    private final EngineModel model;
    private final EngineSteps steps;
    private final Map<Client, List<Sent>> sent = new HashMap<>();
    private long lastSequence;

    /** The newest token told so far. */
    long tokenMax;

    private int lastValue;

    EngineRequests(Random random, EngineModel model) {
        this.random = random;
        this.model = model;
        this.steps = new EngineSteps(random, model, this);
    }

    /** A request that was sent, to be sent again. */
    record Sent(long requestId, Request request) {}

    List<Sent> sent(Client client) {
        return sent.computeIfAbsent(client, _ -> new ArrayList<>());
    }

    /** One of the last few requests of this client, whatever became of it. */
    Sent any(Client client) {
        List<Sent> all = sent(client);
        return all.get(all.size() - 1 - random.nextInt(Math.min(8, all.size())));
    }

    /** Mostly a free slot; sometimes one that waits, which drops the waiter. */
    long freshId(Client client, boolean recorded) {
        int slot = random.nextInt(SLOTS_USED);
        for (int tries = 0; recorded && tries < SLOTS_USED && random.nextInt(10) > 0; tries++) {
            EngineModelPages.Outcome outcome = client.slots.get(slot);
            if (outcome == null || outcome.reply != null) {
                break;
            }
            slot = (slot + 1) % SLOTS_USED;
        }
        return FrameHeader.requestId(slot, ++lastSequence);
    }

    Request next(Client client) {
        long index = random.nextInt(PAGES_USED);
        Page page = model.pages.page(index);
        int kind = random.nextInt(100);
        if (kind < 25) {
            return new Request.Lock(
                    index, random.nextInt(2), waitMillis(), random.nextBoolean(), random.nextBoolean(), version(page));
        }
        if (kind < 32) {
            return lockMany();
        }
        if (kind < 52) {
            boolean changes = random.nextInt(4) > 0;
            return new Request.Unlock(
                    index,
                    token(page, client),
                    changes ? Ranges.of(0, 4) : Ranges.NONE,
                    changes ? value() : ByteBuffer.allocate(0));
        }
        if (kind < 62) {
            return write(page, client);
        }
        if (kind < 68) {
            return atomic(page, client);
        }
        if (kind < 80) {
            return steps.transact(client);
        }
        return kind < 86
                ? new Request.AwaitNewer(index, Math.max(0, page.version - 1 + random.nextInt(3)), waitMillis())
                : unrecorded(page, client);
    }

    private Request write(Page page, Client client) {
        boolean old = client.leaseNanos == Session.NO_LEASE;
        long ifVersion = old || random.nextBoolean() ? 0 : version(page);
        long token = old || random.nextBoolean() ? 0 : token(page, client);
        int wait = old ? Integer.MAX_VALUE : waitMillis();
        return new Request.Write(
                page.index, ifVersion, token, wait, !old && random.nextBoolean(), Ranges.of(0, 4), value());
    }

    private Request atomic(Page page, Client client) {
        WordFunction function = FUNCTIONS[random.nextInt(FUNCTIONS.length)];
        boolean compares = function == WordFunction.COMPARE_AND_SET;
        return new Request.Atomic(
                page.index,
                random.nextBoolean() ? 0 : version(page),
                random.nextBoolean() ? 0 : token(page, client),
                waitMillis(),
                EngineModelPages.WORD_OFFSET,
                function,
                random.nextInt(5) - 2,
                compares ? (random.nextInt(4) > 0 ? page.word : 7) : 0);
    }

    private Request lockMany() {
        List<Request.LockMany.Want> wants = new ArrayList<>();
        for (int page = 0; page < PAGES_USED; page++) {
            if (random.nextInt(3) > 0 || (wants.isEmpty() && page == PAGES_USED - 1)) {
                wants.add(new Request.LockMany.Want(page, random.nextBoolean()));
            }
        }
        return new Request.LockMany(random.nextInt(2), waitMillis(), wants);
    }

    private Request unrecorded(Page page, Client client) {
        boolean any = !sent(client).isEmpty();
        return switch (random.nextInt(8)) {
            case 0 -> new Request.Ping();
            case 1, 2 -> any ? new Request.Cancel(any(client).requestId()) : new Request.Ping();
            case 3 -> any ? new Request.Outcome(any(client).requestId()) : new Request.Ping();
            case 4 -> new Request.LockInfo(page.index);
            case 5 -> watch();
            case 6 -> new Request.Unwatch(random.nextInt(PAGES_USED), 1 + random.nextInt(2));
            default -> new Request.Read(page.index, version(page), Ranges.of(0, EngineFixture.PAGE_LENGTH));
        };
    }

    private Request watch() {
        int first = random.nextInt(PAGES_USED);
        int count = 1 + random.nextInt(2);
        List<Request.Watch.Seen> seen = new ArrayList<>();
        for (int page = first; page < first + count; page++) {
            if (random.nextBoolean()) {
                seen.add(new Request.Watch.Seen(page, version(model.pages.page(page))));
            }
        }
        return new Request.Watch(first, count, seen);
    }

    int waitMillis() {
        return WAITS[random.nextInt(WAITS.length)];
    }

    long version(Page page) {
        return Math.max(0, page.version - random.nextInt(3) + random.nextInt(2));
    }

    /** Mostly the right one, if there is one; sometimes another's, an old one or none that ever was, but not one that this very request brings about. */
    long token(Page page, Client client) {
        List<Grant> likely = page.holders.stream()
                .filter(grant -> grant.client == client || random.nextInt(3) == 0)
                .toList();
        return likely.isEmpty() || random.nextInt(10) == 0
                ? (tokenMax == 0 || random.nextInt(8) == 0 ? Long.MAX_VALUE : 1 + random.nextLong(tokenMax))
                : likely.get(random.nextInt(likely.size())).token;
    }

    ByteBuffer value() {
        return EngineFixture.number(++lastValue);
    }

    /** What an old client asks for as the new version; the same each time for the same request. */
    int version02(Request.Write write) {
        return write.data().getInt(0) % 5 - 1;
    }
}
