package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shares are given in the order of asking, never past the bound, and all of them come back. */
@Timeout(20)
final class IncomingBudgetTest {
    private static final int MAX = 8 << 20;
    private static final int FRAME = 2 << 20;

    private final IncomingBudget budget = new IncomingBudget(
            ServerLimits.DEFAULTS.with(Map.of("incoming-max-bytes", (long) MAX, "frame-max-bytes", (long) FRAME)));
    private final List<Integer> granted = new ArrayList<>();

    private IncomingBudget.Share share(int name) {
        return budget.share(() -> granted.add(name));
    }

    @Test
    void longFrames_beyondTheirPart_waitInOrderAndShortOnesDoNot() {
        List<IncomingBudget.Share> first =
                Stream.generate(() -> share(0)).limit(3).toList();
        for (IncomingBudget.Share share : first) {
            assertTrue(share.ask(FRAME));
        }
        IncomingBudget.Share second = share(2);
        IncomingBudget.Share third = share(3);
        assertFalse(second.ask(FRAME));
        assertFalse(third.ask(100_000), "a shorter one does not overtake");
        assertTrue(second.countBeside(5000));
        assertTrue(budget.isLacking());
        assertTrue(share(4).ask(1000));

        first.get(0).giveBack();

        assertEquals(List.of(2), granted);
        assertFalse(second.isWaiting());
        assertEquals(1, budget.waiting());
        first.get(1).giveBack();
        assertEquals(List.of(2, 3), granted);
        assertFalse(budget.isLacking());
    }

    @Test
    void whatWasReadBeside_doesNotKeepOthersFromTheirShares() {
        List<IncomingBudget.Share> waiting = new ArrayList<>();
        IncomingBudget.Share holder = share(0);
        assertTrue(holder.ask(3 * FRAME));
        for (int i = 1; i <= 8; i++) {
            IncomingBudget.Share share = share(i);
            assertFalse(share.ask(FRAME));
            assertTrue(share.countBeside(256 << 10));
            waiting.add(share);
        }
        IncomingBudget.Share late = share(9);
        assertFalse(late.ask(FRAME));
        assertFalse(late.countBeside(1), "no room beside the shares either");
        assertEquals(MAX, budget.bytes());
        late.giveBack();

        holder.giveBack();

        assertEquals(List.of(1, 2, 3), granted);
        waiting.get(0).giveBack();
        assertEquals(List.of(1, 2, 3, 4), granted);
    }

    @Test
    void connectionsByChance_neverPassTheBoundAndNobodyWaitsForEver() {
        long seed = Long.getLong("netmem.seed", System.nanoTime());
        Random random = new Random(seed);
        List<IncomingBudget.Share> shares =
                Stream.generate(() -> share(0)).limit(40).toList();
        for (int i = 0; i < 20_000; i++) {
            IncomingBudget.Share share = shares.get(random.nextInt(shares.size()));
            int wanted = 1 + random.nextInt(1 << random.nextInt(1, 22));
            if (random.nextInt(3) == 0) {
                share.giveBack();
            } else if (!share.ask(wanted) && !share.countBeside(random.nextInt(wanted))) {
                share.giveBack();
            }
            assertTrue(budget.bytes() <= MAX / 3 * 4, "seed=" + seed);
        }
        for (int i = 0; i < shares.size(); i++) {
            shares.stream().filter(share -> !share.isWaiting()).toList().forEach(IncomingBudget.Share::giveBack);
        }
        assertEquals(0, budget.waiting(), "seed=" + seed);
        assertEquals(0, budget.bytes(), "seed=" + seed);
    }
}
