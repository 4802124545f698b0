package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What virtual threads that neither block nor end do to a client: blocking calls of platform threads go on, stages wait. */
@Timeout(60)
class BusyCarriersTest extends ServerFixture {
    private static final Duration DEADLINE = Duration.ofMillis(200);

    @Test
    void call_ofAPlatformThread_goesOn() {
        AtomicBoolean busy = BusyCarriers.start();
        try {
            assertEquals(1, mem.within(DEADLINE).version(0));
        } finally {
            busy.set(false);
        }
    }

    @Test
    void stage_beginsOnceACarrierIsFree_andItsDeadlineCountsFromThen() throws Exception {
        AtomicBoolean busy = BusyCarriers.start();
        CompletableFuture<Long> stage;
        try {
            stage = mem.within(DEADLINE).async().version(0).toCompletableFuture();
            LockSupport.parkNanos(2 * DEADLINE.toNanos());
            assertFalse(stage.isDone());
        } finally {
            busy.set(false);
        }
        assertEquals(1, stage.get(20, TimeUnit.SECONDS).longValue());
    }
}
