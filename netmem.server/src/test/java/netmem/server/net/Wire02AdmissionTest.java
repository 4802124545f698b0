package netmem.server.net;

import static netmem.server.net.Wire02Client.GET_PARAMS;
import static netmem.server.net.Wire02Client.LOCK_PAGE;
import static netmem.server.net.Wire02Client.bare;
import static netmem.server.net.Wire02Fixture.PAGES;
import static netmem.server.net.Wire02Fixture.PAGE_LENGTH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in on the port, and for how long, when it says little or nothing. */
@Timeout(30)
final class Wire02AdmissionTest {
    @RegisterExtension
    final Wire02Fixture server = new Wire02Fixture(Wire02Fixture.limits(Map.of("greeting-millis", 20L)));

    @Test
    void silentConnection_pastTheGreetingTime_isKept() {
        Wire02Client silent = server.connect();
        assertTrue(silent.isSilentFor(200), "ten times what a client of version 1 has");
        assertEquals(bare(GET_PARAMS, PAGES, PAGE_LENGTH), silent.getParams());
    }

    @Test
    void silentConnection_holdingALockPastAnyLease_keepsIt() {
        server.start(
                Wire02Fixture.limits(Map.of("lease-min-millis", 10L, "lease-millis", 10L, "lease-max-millis", 10L)));
        Wire02Client silent = server.connect();
        silent.lock(0, 0);
        assertTrue(silent.isSilentFor(200), "a 0.2 session has no lease");
        assertEquals(1, server.stat("locks-held"));
        assertEquals(2, silent.unlock(0, Wire02Fixture.page(1)).version());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void oldClient_credentialAsked_isClosedUnanswered(int type) {
        server.start(builder -> builder.credential("secret"));
        Wire02Client client = server.connect();
        client.send(Wire02Client.frame(type, 0, 0, 0));
        assertTrue(client.isEnded());
        assertEquals(0, server.stat("locks-held"));
    }

    @Test
    void silentConnection_credentialAsked_isClosedAfterTheGreetingTime() {
        server.start(builder -> builder.credential("secret"));
        assertTrue(server.connect().isEnded());
    }

    @Test
    void connection_beyondTheLimit_isClosedWhileOthersStay() {
        server.start(Wire02Fixture.limits(Map.of("connections-max", 2L)));
        Wire02Client first = server.connectAndGreet();
        Wire02Client second = server.connectAndGreet();
        assertTrue(server.connect().isEnded());
        assertEquals(bare(LOCK_PAGE, 0, 1), first.lock(0, 1));
        second.close();
        Wire02Fixture.await("room again", () -> server.stat("connections") == 1);
        assertEquals(bare(LOCK_PAGE, 1, 1), server.connect().lock(1, 1));
    }
}
