package netmem.samples.philosophers;

import java.util.Arrays;

/** What all at the table do just now; its number is word 0 of page 0. */
enum Phase {
    /** Take their seats. */
    GATHER(0, "taking seats"),
    /** Take the left fork, then the right one: in a circle if all do so at once. */
    ONE_BY_ONE(1, "one fork after the other"),
    /** Take both forks or none. */
    ALL_OR_NONE(2, "both forks or none"),
    /** Leave. */
    OVER(3, "over");

    private final long number;
    private final String words;

    Phase(long number, String words) {
        this.number = number;
        this.words = words;
    }

    long number() {
        return number;
    }

    static Phase of(long number) {
        return Arrays.stream(values())
                .filter(phase -> phase.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("phase: " + number + " (expected: 0 to 3) page=0"));
    }

    @Override
    public String toString() {
        return words;
    }
}
