package netmem.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an atomic operation does with a 64-bit word: the new value as a function of the old one and an operand. Pure. */
public enum WordFunction {
    /** Adds, wrapping. */
    ADD(1),
    /** Bitwise and. */
    AND(2),
    /** Bitwise or. */
    OR(3),
    /** Bitwise exclusive or. */
    XOR(4),
    /** The smaller one, signed. */
    MIN(5),
    /** The larger one, signed. */
    MAX(6),
    /** The operand, whatever the old value. */
    SWAP(7),
    /** The operand, where the old value is the expected one; otherwise the condition failed and nothing changes. */
    COMPARE_AND_SET(8);

    private static final @Nullable WordFunction[] BY_CODE = new @Nullable WordFunction[9];

    static {
        for (WordFunction function : values()) {
            BY_CODE[function.code] = function;
        }
    }

    private final int code;

    WordFunction(int code) {
        this.code = code;
    }

    /**
     * Returns the code on the wire.
     *
     * @return 1 to 8
     */
    public int code() {
        return code;
    }

    /**
     * Applies the function.
     *
     * @param old the word as it is
     * @param operand the argument
     * @return the word as it becomes
     */
    public long apply(long old, long operand) {
        return switch (this) {
            case ADD -> old + operand;
            case AND -> old & operand;
            case OR -> old | operand;
            case XOR -> old ^ operand;
            case MIN -> Math.min(old, operand);
            case MAX -> Math.max(old, operand);
            case SWAP, COMPARE_AND_SET -> operand;
        };
    }

    /**
     * Finds a function by its code.
     *
     * @param code as read from a frame
     * @return empty for a code that this version does not know
     */
    public static Optional<WordFunction> ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? Optional.ofNullable(BY_CODE[code]) : Optional.empty();
    }
}
