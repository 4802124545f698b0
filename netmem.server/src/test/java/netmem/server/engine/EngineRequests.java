package netmem.server.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Request;
import netmem.server.engine.EngineModelPages.Client;
import netmem.server.engine.EngineModelPages.Page;

/** Random requests that contend: few pages, likely versions and tokens, few slots. Confined to the test's thread. */
final class EngineRequests {
    private static final int PAGES_USED = 3;
    private static final int SLOTS_USED = 4;
    private static final int[] WAITS = {0, 0, 20, 200, 2000, 20_000};

    private final Random random;
    private final EngineModel model;
    private final Map<Client, List<Sent>> sent = new HashMap<>();
    private long lastSequence;
    private int lastValue;

    EngineRequests(Random random, EngineModel model) {
        this.random = random;
        this.model = model;
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
        if (kind < 35) {
            return new Request.Lock(index, random.nextInt(2), waitMillis(), random.nextBoolean(), version(page));
        }
        if (kind < 60) {
            boolean changes = random.nextInt(4) > 0;
            return new Request.Unlock(
                    index,
                    token(page, client),
                    changes ? Ranges.of(0, 4) : Ranges.NONE,
                    changes ? value() : ByteBuffer.allocate(0));
        }
        if (kind < 85) {
            boolean old = client.leaseNanos == Session.NO_LEASE;
            long ifVersion = old || random.nextBoolean() ? 0 : version(page);
            long token = old || random.nextBoolean() ? 0 : token(page, client);
            int wait = old ? Integer.MAX_VALUE : waitMillis();
            return new Request.Write(
                    index, ifVersion, token, wait, !old && random.nextBoolean(), Ranges.of(0, 4), value());
        }
        if (kind < 90 && !sent(client).isEmpty()) {
            return new Request.Cancel(any(client).requestId());
        }
        return kind < 97
                ? new Request.Read(index, version(page), Ranges.of(0, EngineFixture.PAGE_LENGTH))
                : new Request.Ping();
    }

    private int waitMillis() {
        return WAITS[random.nextInt(WAITS.length)];
    }

    private long version(Page page) {
        return Math.max(0, page.version - random.nextInt(3) + random.nextInt(2));
    }

    /** Mostly the right one, if there is one; sometimes another's, an old one or none that ever was. */
    private long token(Page page, Client client) {
        boolean mine = page.holder != null && page.holder.client == client;
        return page.holder != null && (mine || random.nextInt(3) == 0) && random.nextInt(10) > 0
                ? page.holder.token
                : 1 + random.nextInt(20);
    }

    private ByteBuffer value() {
        return EngineFixture.number(++lastValue);
    }

    /** What an old client asks for as the new version; the same each time for the same request. */
    int version02(Request.Write write) {
        return write.data().getInt(0) % 5 - 1;
    }
}
