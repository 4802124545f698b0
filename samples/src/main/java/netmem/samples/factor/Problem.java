package netmem.samples.factor;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The number and what is known of it, which all workers share in page 0. Pure.
 *
 * @param number the number to factor
 * @param parts factors whose product is the number, ascending and distinct
 * @param epoch how often a part was split: a worker that sees another epoch turns to what is left
 * @param curvesDone curves tried to their end
 * @param takeovers how often a worker went on with a curve that another had left
 */
record Problem(BigInteger number, List<Part> parts, int epoch, long curvesDone, long takeovers) {
    static final int NUMBER_BITS_MAX = 1024;

    Problem {
        requireRange(number);
        parts = List.copyOf(parts);
        BigInteger product = parts.stream().map(Part::value).reduce(BigInteger.ONE, BigInteger::multiply);
        if (!product.equals(number)) {
            throw new IllegalArgumentException("product of parts: " + product + " (expected: " + number + ")");
        }
        if (epoch < 0 || curvesDone < 0 || takeovers < 0) {
            throw new IllegalArgumentException("epoch: " + epoch + ", curvesDone: " + curvesDone + ", takeovers: "
                    + takeovers + " (expected: >= 0)");
        }
    }

    private static void requireRange(BigInteger number) {
        if (number.compareTo(BigInteger.TWO) < 0 || number.bitLength() > NUMBER_BITS_MAX) {
            throw new IllegalArgumentException(
                    "number: " + number + " (expected: at least 2, at most " + NUMBER_BITS_MAX + " bits)");
        }
    }

    /** The problem at its start: small primes are divided out. */
    static Problem of(BigInteger number) {
        requireRange(number);
        List<Part> parts = new ArrayList<>();
        BigInteger rest = number;
        for (int small : Primes.small().toArray()) {
            BigInteger prime = BigInteger.valueOf(small);
            int exponent = 0;
            while (rest.mod(prime).signum() == 0) {
                rest = rest.divide(prime);
                exponent++;
            }
            if (exponent > 0) {
                parts.add(new Part(prime, exponent, true));
            }
        }
        if (rest.compareTo(BigInteger.ONE) > 0) {
            parts.add(Part.of(rest, 1));
        }
        return new Problem(number, parts, 0, 0, 0);
    }

    boolean solved() {
        return composite().isEmpty();
    }

    /** The least part that is to be split. */
    Optional<BigInteger> composite() {
        return parts.stream().filter(part -> !part.prime()).map(Part::base).findFirst();
    }

    /** The problem after a curve's end. */
    Problem afterCurve(long curveTakeovers) {
        return new Problem(number, parts, epoch, curvesDone + 1, takeovers + curveTakeovers);
    }

    /** The problem with each part split that the factor splits; itself when others were faster. */
    Problem splitBy(BigInteger factor) {
        Map<BigInteger, Part> known = new TreeMap<>();
        boolean split = false;
        for (Part part : parts) {
            BigInteger divisor = part.base().gcd(factor);
            if (part.prime() || divisor.equals(BigInteger.ONE) || divisor.equals(part.base())) {
                add(known, part);
            } else {
                add(known, Part.of(divisor, part.exponent()));
                add(known, Part.of(part.base().divide(divisor), part.exponent()));
                split = true;
            }
        }
        return split ? new Problem(number, List.copyOf(known.values()), epoch + 1, curvesDone, takeovers) : this;
    }

    private static void add(Map<BigInteger, Part> known, Part part) {
        known.merge(part.base(), part, (a, b) -> new Part(a.base(), a.exponent() + b.exponent(), a.prime()));
    }

    /** Whether each part is prime and their product is the number, computed anew. */
    boolean verified() {
        BigInteger product = parts.stream().map(Part::value).reduce(BigInteger.ONE, BigInteger::multiply);
        return product.equals(number) && parts.stream().allMatch(part -> Part.isPrime(part.base()));
    }

    /** The known parts as a product. */
    String written() {
        return parts.stream().map(Part::toString).collect(Collectors.joining(" * "));
    }
}
