package netmem.samples.philosophers;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import netmem.api.NetMemException;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.client.LockGroup;
import netmem.client.Locks;
import netmem.client.NetMem;
import netmem.client.PageLock;
import netmem.samples.launch.Argument;

/** One philosopher, a process: thinks, takes two forks, eats, gives them back, until the table says that it is over. Confined to one thread. */
public final class Philosopher {
    /** Forks of a philosopher who dies come free after this time without a word. */
    private static final Duration LEASE = Duration.ofSeconds(2);

    /** Longer than the lease, so that the neighbours of one who dies go on. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long THINKING_MILLIS_MAX = 3;
    private static final long EATING_MILLIS_MAX = 5;

    /** From the left fork to the right one: long, so that now and then all have a left fork at once. */
    private static final long REACHING_MILLIS_MAX = 25;

    private final NetMem mem;
    private final Table table;
    private final int seat;
    private final Locks owner;
    private final Map<Phase, Long> meals = new EnumMap<>(Phase.class);

    Philosopher(NetMem mem, Table table, int seat) {
        this.mem = mem;
        this.table = table;
        this.seat = seat;
        this.owner = mem.owner();
    }

    public static void main(String[] args) throws InterruptedException {
        if (args.length != 3) {
            System.err.println("usage: Philosopher netmem://HOST:PORT SEATS SEAT");
            System.exit(2);
        }
        Table table = new Table(Argument.number("SEATS", args[1], Table.SEATS_MIN, Table.SEATS_MAX));
        int seat = Argument.number("SEAT", args[2], 0, table.seats() - 1);
        try (NetMem mem = NetMem.builder(args[0])
                .name(Table.name(seat))
                .lease(LEASE)
                .deadline(PATIENCE)
                .connect()) {
            System.exit(new Philosopher(mem, table, seat).run() ? 0 : 1);
        }
    }

    /** Returns when it is over; true when the plate has what this philosopher remembers. */
    boolean run() throws InterruptedException {
        mem.atomic(Table.PAGE, Table.SEATED_AT, WordFunction.ADD, 1);
        Phase phase = Phase.GATHER;
        while (phase != Phase.OVER) {
            Versioned page = mem.read(Table.PAGE);
            phase = Table.phase(page.buffer());
            switch (phase) {
                case GATHER -> mem.awaitNewer(Table.PAGE, page.version(), PATIENCE);
                case ONE_BY_ONE, ALL_OR_NONE -> dine(phase);
                case OVER -> {}
            }
        }
        return agrees();
    }

    private void dine(Phase phase) throws InterruptedException {
        pause(THINKING_MILLIS_MAX);
        long hungrySince = System.nanoTime();
        boolean eaten = false;
        while (!eaten) {
            try {
                eaten = phase == Phase.ONE_BY_ONE ? eatOneByOne(hungrySince) : eatAllOrNone(hungrySince);
            } catch (NetMemException.Deadlocked e) {
                // The left fork was given back on the way here, so the neighbour who waits for it eats now.
                mem.atomic(table.plate(seat), Table.deadlocksAt(phase), WordFunction.ADD, 1);
            } catch (NetMemException.LockLost e) {
                // Nothing was counted: this process was silent for longer than its lease.
            }
        }
        meals.merge(phase, 1L, Long::sum);
    }

    /** Two locks of one owner. Both forks and the plate are counted up at one instant, while both forks are held. */
    private boolean eatOneByOne(long hungrySince) throws InterruptedException {
        try (PageLock left = owner.lock(table.left(seat))) {
            pause(REACHING_MILLIS_MAX);
            try (PageLock right = owner.lock(table.right(seat))) {
                long hungerMicros = microsSince(hungrySince);
                pause(EATING_MILLIS_MAX);
                long plate = table.plate(seat);
                TransactionResult result = mem.transaction()
                        .ifHeld(left)
                        .ifHeld(right)
                        .add(left.page(), Table.FORK_MEALS_AT, 1)
                        .add(right.page(), Table.FORK_MEALS_AT, 1)
                        .add(plate, Table.mealsAt(Phase.ONE_BY_ONE), 1)
                        .atomic(plate, Table.hungerAt(Phase.ONE_BY_ONE), WordFunction.MAX, hungerMicros)
                        .run();
                return result instanceof TransactionResult.Committed;
            }
        }
    }

    /** Three locks that are granted together, and given back, with what changed, at one instant. */
    private boolean eatAllOrNone(long hungrySince) throws InterruptedException {
        long plate = table.plate(seat);
        try (LockGroup group = mem.lockAll(table.left(seat), table.right(seat), plate)) {
            long hungerMicros = microsSince(hungrySince);
            pause(EATING_MILLIS_MAX);
            add(group, table.left(seat), Table.FORK_MEALS_AT);
            add(group, table.right(seat), Table.FORK_MEALS_AT);
            add(group, plate, Table.mealsAt(Phase.ALL_OR_NONE));
            int hungerAt = Table.hungerAt(Phase.ALL_OR_NONE);
            group.buffer(plate).putLong(hungerAt, Math.max(group.buffer(plate).getLong(hungerAt), hungerMicros));
            group.commit();
            return true;
        }
    }

    private static void add(LockGroup group, long page, int offset) {
        group.buffer(page).putLong(offset, group.buffer(page).getLong(offset) + 1);
    }

    private boolean agrees() {
        Versioned plate = mem.read(table.plate(seat));
        for (Phase phase : new Phase[] {Phase.ONE_BY_ONE, Phase.ALL_OR_NONE}) {
            long counted = plate.buffer().getLong(Table.mealsAt(phase));
            long own = meals.getOrDefault(phase, 0L);
            if (counted != own) {
                System.err.println(Table.name(seat) + ": meals on the plate: " + counted + " (expected: " + own
                        + ", as remembered) " + phase + " page=" + plate.page());
                return false;
            }
        }
        return true;
    }

    private static long microsSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - nanos);
    }

    private static void pause(long millisMax) throws InterruptedException {
        Thread.sleep(ThreadLocalRandom.current().nextLong(millisMax + 1));
    }
}
