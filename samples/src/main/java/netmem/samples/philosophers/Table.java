package netmem.samples.philosophers;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Where everything lies: pages of 64-bit words, little-endian. Pure.
 *
 * <pre>
 *  page 0                   the table   word 0: phase   word 1: seats taken
 *  page 1 + f               fork f      word 0: meals eaten with it; left of seat f, right of the seat before
 *  page 1 + seats + s       plate s     for each of the two phases of eating: meals, deadlocks, longest hunger
 * </pre>
 *
 * @param seats number of philosophers, and of forks
 */
record Table(int seats) {
    static final int SEATS_MIN = 2;
    static final int SEATS_MAX = 16;
    static final int PAGE_LENGTH = 64;

    static final long PAGE = 0;
    static final int PHASE_AT = 0;
    static final int SEATED_AT = 8;

    /** In a fork's page. */
    static final int FORK_MEALS_AT = 0;

    private static final int PLATE_MEALS_AT = 0;
    private static final int PLATE_DEADLOCKS_AT = 8;
    private static final int PLATE_HUNGER_AT = 16;
    private static final int PLATE_PHASE_LENGTH = 24;

    private static final List<String> NAMES =
            List.of("Plato", "Hypatia", "Spinoza", "Kant", "Hume", "Arendt", "Russell", "Confucius");

    int pages() {
        return 1 + 2 * seats;
    }

    long left(int seat) {
        return 1L + seat;
    }

    long right(int seat) {
        return 1L + (seat + 1) % seats;
    }

    long plate(int seat) {
        return 1L + seats + seat;
    }

    /** The seat to whose right the fork lies that lies left of the given one. */
    int before(int seat) {
        return (seat + seats - 1) % seats;
    }

    static String name(int seat) {
        return seat < NAMES.size() ? NAMES.get(seat) : "guest-" + (seat + 1);
    }

    static int mealsAt(Phase phase) {
        return phaseAt(phase) + PLATE_MEALS_AT;
    }

    static int deadlocksAt(Phase phase) {
        return phaseAt(phase) + PLATE_DEADLOCKS_AT;
    }

    static int hungerAt(Phase phase) {
        return phaseAt(phase) + PLATE_HUNGER_AT;
    }

    private static int phaseAt(Phase phase) {
        return switch (phase) {
            case ONE_BY_ONE -> 0;
            case ALL_OR_NONE -> PLATE_PHASE_LENGTH;
            case GATHER, OVER -> throw new IllegalArgumentException("phase: " + phase + " (expected: one of eating)");
        };
    }

    static Phase phase(ByteBuffer table) {
        return Phase.of(table.getLong(PHASE_AT));
    }
}
