package netmem.bench.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RawClientTest {
    private static final int PAGES = 64;
    private static final int PAGE_LENGTH = 256;
    private static final long MILLIS = 20;

    private static NetMemServer server() {
        return NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(PAGES)
                .pageLengthBytes(PAGE_LENGTH)
                .eventLoops(1)
                .start();
    }

    private static long operations(Dialect dialect, RawLoad load, int port) throws IOException {
        try (RawClient client = RawClient.open(dialect, load, port)) {
            Sample first = client.run(MILLIS);
            Sample second = client.run(MILLIS);
            assertTrue(second.generatorBusy() > 0 && second.generatorBusy() <= 1.1, "busy: " + second.generatorBusy());
            return first.operations() + second.operations();
        }
    }

    @Test
    void netMemWire_eachWork_isAnsweredAsItCallsFor() throws IOException {
        try (NetMemServer server = server()) {
            NetMemWire wire = new NetMemWire();
            RawClient.fill(wire, server.port(), PAGES, PAGE_LENGTH);
            for (Work work : Work.values()) {
                RawLoad load = RawLoad.ownPages(work, 3, 5, PAGES, PAGE_LENGTH);
                assertTrue(operations(wire, load, server.port()) >= 30, work.title());
            }
        }
    }

    @Test
    void netMemWire_updates_areCountedByTheServerToo() throws IOException {
        try (NetMemServer server = server()) {
            NetMemWire wire = new NetMemWire();
            RawClient.fill(wire, server.port(), PAGES, PAGE_LENGTH);
            long operations =
                    operations(wire, RawLoad.ownPages(Work.COMPARE_UPDATE, 1, 1, 1, PAGE_LENGTH), server.port());

            try (RawSocket socket = new RawSocket(server.port())) {
                wire.greet(socket);
                PageTable pages = new PageTable(1, false, 0);
                RawLoad one = RawLoad.ownPages(Work.VALIDATED_READ, 1, 1, 1, PAGE_LENGTH);
                Requests asked = wire.requests(socket, one, pages);
                assertEquals(wire.versionFilled() + operations, pages.version(asked.page(0)));
            }
        }
    }

    @Test
    void oldWire_eachWorkThatItHas_isAnsweredAsItCallsFor() throws IOException {
        try (NetMemServer server = server()) {
            OldWire wire = new OldWire();
            RawClient.fill(wire, server.port(), PAGES, PAGE_LENGTH);
            for (Work work : Work.values()) {
                if (wire.offers(work)) {
                    RawLoad load = RawLoad.ownPages(work, 3, 5, PAGES, PAGE_LENGTH);
                    assertTrue(operations(wire, load, server.port()) >= 30, work.title());
                }
            }
        }
    }

    @Test
    void anyPage_ofBothWires_takesPagesByChance() throws IOException {
        for (Dialect wire : new Dialect[] {new NetMemWire(), new OldWire()}) {
            try (NetMemServer server = server()) {
                RawClient.fill(wire, server.port(), PAGES, PAGE_LENGTH);
                for (Work work : new Work[] {Work.VALIDATED_READ, Work.PAGE_READ}) {
                    RawLoad load = new RawLoad(work, 2, 4, PAGES, PAGE_LENGTH, true);
                    assertTrue(operations(wire, load, server.port()) >= 16, wire.title() + " " + work.title());
                }
            }
        }
    }

    @Test
    void reply_thatTheWorkDoesNotCallFor_stopsTheRun() throws IOException {
        try (NetMemServer server = server()) {
            for (Dialect wire : new Dialect[] {new NetMemWire(), new OldWire()}) {
                RawLoad beyond = new RawLoad(Work.PAGE_READ, 1, 1, PAGES * 1000, PAGE_LENGTH, true);
                try (RawClient client = RawClient.open(wire, beyond, server.port())) {
                    assertThrows(WrongReplyException.class, () -> client.run(MILLIS), wire.title());
                }
            }
        }
    }

    @Test
    void ownPages_fewerThanRequestsInFlight_areRefused() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> RawLoad.ownPages(Work.PAGE_READ, 4, 4, 15, PAGE_LENGTH));
        assertTrue(refusal.toString().contains("15"), refusal.toString());
    }
}
