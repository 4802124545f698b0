package netmem.samples.philosophers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import netmem.api.Incarnation;
import netmem.api.LockState;
import netmem.api.Versioned;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ReckoningTest {
    private static final List<Phase> EATING = List.of(Phase.ONE_BY_ONE, Phase.ALL_OR_NONE);

    private final Table table = new Table(3);
    private final List<ByteBuffer> pages = new ArrayList<>();

    @BeforeEach
    void lay() {
        for (int page = 0; page < table.pages(); page++) {
            pages.add(ByteBuffer.allocate(Table.PAGE_LENGTH).order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    private void add(long page, int offset, long delta) {
        ByteBuffer words = pages.get((int) page);
        words.putLong(offset, words.getLong(offset) + delta);
    }

    private void eat(int seat, Phase phase) {
        add(table.left(seat), Table.FORK_MEALS_AT, 1);
        add(table.right(seat), Table.FORK_MEALS_AT, 1);
        add(table.plate(seat), Table.mealsAt(phase), 1);
    }

    private void allEat() {
        for (int seat = 0; seat < table.seats(); seat++) {
            for (Phase phase : EATING) {
                eat(seat, phase);
            }
        }
    }

    private Reckoning reckoning() {
        List<Versioned> snapshot = new ArrayList<>();
        for (ByteBuffer page : pages) {
            byte[] bytes = new byte[Table.PAGE_LENGTH];
            page.get(0, bytes);
            snapshot.add(Versioned.owning(Incarnation.NONE, snapshot.size(), 2, bytes));
        }
        return new Reckoning(table, snapshot);
    }

    @Test
    void problems_whenAllAteAndForksAgree_none() {
        allEat();
        eat(1, Phase.ALL_OR_NONE);
        add(table.plate(2), Table.deadlocksAt(Phase.ONE_BY_ONE), 4);
        assertEquals(List.of(), reckoning().problems());
        assertEquals(4, reckoning().meals(Phase.ALL_OR_NONE));
        assertEquals(4, reckoning().deadlocks(Phase.ONE_BY_ONE));
        assertEquals(0, reckoning().deadlocks(Phase.ALL_OR_NONE));
    }

    @Test
    void isWorthSeeing_whenAllAteAndACircleWasFound() {
        assertFalse(reckoning().isWorthSeeing(Phase.ALL_OR_NONE));
        allEat();
        assertTrue(reckoning().isWorthSeeing(Phase.ALL_OR_NONE));
        assertFalse(reckoning().isWorthSeeing(Phase.ONE_BY_ONE));
        add(table.plate(1), Table.deadlocksAt(Phase.ONE_BY_ONE), 1);
        assertTrue(reckoning().isWorthSeeing(Phase.ONE_BY_ONE));
    }

    @Test
    void problems_whenOneMealIsMissingOnAFork_nameIt() {
        allEat();
        add(table.right(0), Table.FORK_MEALS_AT, -1);
        assertEquals(
                List.of("meals with a fork: 3 (expected: 4) page=2"),
                reckoning().problems());
    }

    @Test
    void problems_whenOneStarved_nameIt() {
        allEat();
        add(table.plate(1), Table.mealsAt(Phase.ONE_BY_ONE), -1);
        assertEquals(
                "Hypatia starved: meals: 0 (expected: >= 1) one fork after the other",
                reckoning().problems().getFirst());
    }

    @Test
    void forkTable_heldAndFree_areOneLineEach() {
        LockState held = new LockState(1, LockState.Mode.EXCLUSIVE, 1, 2, 77, 12, "Plato");
        LockState free = new LockState(2, LockState.Mode.FREE, 0, 0, 0, 0, "");
        List<String> lines = ForkTable.lines(new Table(2), List.of(held, free));
        assertEquals(3, lines.size());
        assertTrue(lines.get(1).matches(" +Hypatia and Plato +Plato +exclusive +77 +12 ms +2"), lines.get(1));
        assertTrue(lines.get(2).matches(" +Plato and Hypatia +- +free +- +- +0"), lines.get(2));
    }
}
