package netmem.samples.factor;

/**
 * How far a curve is tried: it finds a prime p of the number when the curve's order modulo p has all its prime powers up
 * to {@code b1}, but for one prime up to {@code b2}. Pure.
 */
record Bounds(int b1, int b2) {
    /** Stage 2 walks in strides around multiples of {@link StageTwo#STRIDE}, and the first must not be zero. */
    static final int B1_MIN = StageTwo.STRIDE / 2;

    static final int B2_MAX = 1 << 30;

    Bounds {
        if (b1 < B1_MIN || b2 < b1 || b2 > B2_MAX) {
            throw new IllegalArgumentException(
                    "bounds: " + b1 + ", " + b2 + " (expected: " + B1_MIN + " <= b1 <= b2 <= " + B2_MAX + ")");
        }
    }
}
