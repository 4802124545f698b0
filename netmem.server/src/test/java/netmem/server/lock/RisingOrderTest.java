package netmem.server.lock;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Programs that take pages one by one in rising order, each as an owner of its own, beside claimants of several
 * pages: whatever the schedule, all come to their end. The control, whose claimants go through the lines in falling
 * order, must come to a stop.
 */
@Timeout(60)
final class RisingOrderTest {
    private static final int SEEDS = 2_000;
    private static final int PAGES = 5;
    private static final int STEPS_MAX = 5_000;

    /** Somebody who wants some pages, in rising order: one by one, or all at once. */
    private static final class Program {
        private final List<Long> pages;
        private final boolean jointly;
        private final List<Holder> held = new ArrayList<>();
        private @Nullable Claiming waiting;
        private int rounds = 3;

        Program(List<Long> pages, boolean jointly) {
            this.pages = pages;
            this.jointly = jointly;
        }

        /** What it claims next: nothing when it has all. */
        private List<Claim> next(Random random) {
            return pages.stream()
                    .skip(held.size())
                    .limit(jointly ? PAGES : 1)
                    .map(page -> new Claim(page, random.nextInt(4) == 0 ? Claim.Mode.SHARED : Claim.Mode.EXCLUSIVE))
                    .toList();
        }
    }

    private final LockTable<Claiming> locks = new LockTable<>();
    private final List<Program> programs = new ArrayList<>();
    private long arrivals;

    /** One seed: whether all came to their end. The control claims pages in falling order. */
    private boolean allEnd(long seed, boolean rising) {
        Random random = new Random(seed);
        for (int i = 0; i < 6; i++) {
            TreeSet<Long> pages = new TreeSet<>();
            while (pages.size() < 2 + i % 2) {
                pages.add((long) random.nextInt(PAGES));
            }
            boolean jointly = i % 2 == 0;
            programs.add(new Program(List.copyOf(jointly && !rising ? pages.descendingSet() : pages), jointly));
        }
        for (int step = 0; step < STEPS_MAX; step++) {
            List<Program> able = programs.stream()
                    .filter(program -> program.rounds > 0 && program.waiting == null)
                    .toList();
            if (able.isEmpty()) {
                break;
            }
            move(able.get(random.nextInt(able.size())), random);
        }
        return programs.stream().allMatch(program -> program.rounds == 0);
    }

    private void move(Program program, Random random) {
        List<Claim> claims = program.next(random);
        if (claims.isEmpty()) {
            program.held.forEach(holder -> locks.release(holder.page(), holder.token()));
            program.held.clear();
            program.rounds--;
        } else if (locks.isOpen(claims)) {
            grant(program, claims);
        } else {
            Claiming waiting = new Claiming("p", new Owner(1, ++arrivals), arrivals, claims);
            program.waiting = waiting;
            locks.enqueue(waiting);
        }
        for (Claiming served = locks.next(); served != null; served = locks.next()) {
            Claiming now = served;
            Program whose = programs.stream()
                    .filter(one -> now.equals(one.waiting))
                    .findFirst()
                    .orElseThrow();
            whose.waiting = null;
            grant(whose, served.claims());
        }
    }

    private void grant(Program program, List<Claim> claims) {
        for (Claim claim : claims) {
            program.held.add(locks.grant(claim.page(), new Owner(2, ++arrivals), claim.mode(), 0));
        }
    }

    @Test
    void programs_inRisingOrder_allComeToTheirEnd() {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertTrue(new RisingOrderTest().allEnd(seed, true), "seed " + seed);
        }
    }

    @Test
    void claimants_inAnotherOrder_comeToAStop() {
        long stopped = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            stopped += new RisingOrderTest().allEnd(seed, false) ? 0 : 1;
        }
        assertTrue(stopped > 0, "the schedules meet circles where there can be any");
    }
}
