package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import netmem.api.wire.Request;
import netmem.api.wire.WireLimits;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.Test;

/** The client's own limits against those of a server that was told nothing. */
class ClientLimitsTest {
    private static final ServerLimits SERVER = ServerLimits.DEFAULTS;

    private static int free(int slots, Room.Kind kind) {
        Slots table = new Slots(slots);
        int taken = 0;
        while (table.hasFree(kind)) {
            PlainCall call = new PlainCall(new Deadline(0, 0), new Request.Ping());
            assertTrue(table.assign(call, true));
            taken++;
        }
        return taken;
    }

    @Test
    void slots_ofEachKind_leaveRoomToTheOthers() {
        int all = SERVER.slots();
        assertTrue(all <= Slots.COUNT_MAX, "a client uses all slots that a server gives");
        assertEquals(all - 2, free(all, Room.Kind.PROMPT));
        assertEquals(all - 2 - all / 8, free(all, Room.Kind.CHANGE));
        assertEquals(all - 2 - all / 4, free(all, Room.Kind.WAIT));
        for (Room.Kind kind : Room.Kind.values()) {
            assertEquals(1, free(WireLimits.SLOTS_MIN, kind), "whatever a server gives, each call can be sent");
        }
    }

    @Test
    void waitsOfOneClient_fitWhatTheServerAllowsASession() {
        int waits = free(SERVER.slots(), Room.Kind.WAIT);
        assertTrue(waits <= SERVER.locksPerSessionMax(), "each may be for a lock");
        assertTrue(waits <= SERVER.waitersPerPageMax(), "all may be for one page");
    }

    @Test
    void locksTakenTogether_fitOneRequestAndOneCommit() {
        assertTrue(RemoteLocks.GROUP_PAGES_MAX <= WireLimits.LOCK_MANY_MAX);
        assertTrue(2 * RemoteLocks.GROUP_PAGES_MAX <= WireLimits.STEPS_MAX);
        assertTrue(RemoteLocks.GROUP_PAGES_MAX <= SERVER.locksPerSessionMax());
    }

    @Test
    void largestWatch_fitsWhatTheServerKeepsForIt() {
        int parts = new RemoteWatch.Run(0, RemoteWatch.Run.COUNT_MAX).split().size();
        assertTrue(parts <= SERVER.watchesPerSessionMax());
        assertTrue(RemoteWatch.Run.COUNT_MAX <= SERVER.changesUnsentMax());
    }
}
