package netmem.samples.factor;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** What a worker does with a page of the population that it has to itself. Confined to one thread, for its random source. */
final class Worker {
    /** The page as the worker leaves it, and a factor when there was luck. */
    record Turn(CurvePage page, Optional<BigInteger> factor) {
        boolean curveOver() {
            return page.curve().stage() == Curve.Stage.OVER;
        }
    }

    private final String name;
    private final RandomGenerator random;

    Worker(String name, RandomGenerator random) {
        this.name = name;
        this.random = random;
    }

    /** Goes on with the page's curve, or with a new one where that is over, until {@code enough} says so. */
    Turn turn(BigInteger composite, long curvesDone, Optional<CurvePage> found, BooleanSupplier enough) {
        CurvePage page = found.flatMap(old -> resumed(old, composite)).orElseGet(() -> fresh(composite, curvesDone));
        Curve curve = page.curve();
        Optional<BigInteger> factor = Optional.empty();
        do {
            switch (curve.advance(enough)) {
                case Curve.Advanced(Curve next) -> curve = next;
                case Curve.Found(Curve next, BigInteger divisor) -> {
                    curve = next;
                    factor = Optional.of(divisor);
                }
            }
        } while (curve.stage() != Curve.Stage.OVER && !enough.getAsBoolean());
        return new Turn(new CurvePage(curve, name, page.slices() + 1, page.takeovers()), factor);
    }

    private Optional<CurvePage> resumed(CurvePage old, BigInteger composite) {
        Curve curve = old.curve();
        if (curve.stage() == Curve.Stage.OVER || curve.n().mod(composite).signum() != 0) {
            return Optional.empty();
        }
        int takeovers = old.takeovers() + (old.worker().equals(name) ? 0 : 1);
        return Optional.of(new CurvePage(curve.reduced(composite), name, old.slices(), takeovers));
    }

    private CurvePage fresh(BigInteger composite, long curvesDone) {
        long sigma = random.nextLong(Curve.SIGMA_MIN, Long.MAX_VALUE);
        return new CurvePage(Curve.start(composite, sigma, Level.bounds(curvesDone)), name, 0, 0);
    }
}
