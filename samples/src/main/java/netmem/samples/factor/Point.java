package netmem.samples.factor;

import java.math.BigInteger;

/**
 * A point (X : Z) on a Montgomery curve, without its y coordinate. Pure. Modulo a prime p of the number, Z is 0 exactly
 * when the point is the curve's neutral element there, and that is how the prime shows itself.
 */
record Point(BigInteger x, BigInteger z) {
    Point mod(BigInteger modulus) {
        return new Point(x.mod(modulus), z.mod(modulus));
    }
}
