package netmem.samples.factor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both page layouts: there and back, and what malformed bytes get. */
@Timeout(60)
class PagesTest {
    private static final BigInteger P = new BigInteger("36629691733840713611");
    private static final BigInteger N40 = P.multiply(new BigInteger("53086397708912445617"));
    private static final CurvePage CURVE_PAGE = curvePage(N40);

    private static CurvePage curvePage(BigInteger n) {
        Curve curve = Curve.start(n, 1234, new Bounds(2_000, 200_000))
                .advance(CurveTest.steps(5))
                .curve();
        return new CurvePage(curve, "worker-1", 7, 2);
    }

    @Test
    void curvePage_thereAndBack_isTheSame() {
        byte[] bytes = CURVE_PAGE.bytes();
        assertEquals(ProblemPage.LENGTH, bytes.length);
        assertEquals(Optional.of(CURVE_PAGE), CurvePage.of(3, ByteBuffer.wrap(bytes)));
    }

    @Test
    void curvePage_of1024Bits_fits() {
        BigInteger largest = BigInteger.TWO.pow(1024).subtract(BigInteger.ONE);
        CurvePage page = curvePage(largest);
        assertEquals(Optional.of(page), CurvePage.of(3, ByteBuffer.wrap(page.bytes())));
    }

    @Test
    void curvePage_zeros_hasNoCurveYet() {
        assertEquals(Optional.empty(), CurvePage.of(3, ByteBuffer.allocate(ProblemPage.LENGTH)));
    }

    @Test
    void curvePage_insideALargerBuffer_isReadFromItsPosition() {
        ByteBuffer larger = ByteBuffer.allocate(3 * ProblemPage.LENGTH).put(ProblemPage.LENGTH, CURVE_PAGE.bytes());
        larger.position(ProblemPage.LENGTH).limit(2 * ProblemPage.LENGTH);
        assertEquals(Optional.of(CURVE_PAGE), CurvePage.of(3, larger));
    }

    @Test
    void curvePage_longWorkerName_isRefused() {
        String longest = "w".repeat(CurvePage.WORKER_BYTES_MAX);
        CurvePage page = new CurvePage(CURVE_PAGE.curve(), longest, 0, 0);
        assertEquals(Optional.of(page), CurvePage.of(3, ByteBuffer.wrap(page.bytes())));
        assertThrows(IllegalArgumentException.class, () -> new CurvePage(CURVE_PAGE.curve(), longest + "w", 0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 7 | magic: 0x00000007 (expected: 0x31434d4e) page=3",
                "4 | 3 | stage: 3 (expected: 0 to 2) page=3",
                "4 | -1 | stage: -1 (expected: 0 to 2) page=3",
                "16 | 3 | bounds: 3, 200000 (expected: 1155 <= b1 <= b2 <= 1073741824) page=3",
                "24 | 2001 | reached: 2001 (expected: 1 to 2000) page=3",
                "28 | -1 | slices: 7, takeovers: -1 (expected: >= 0) page=3",
                "40 | 37 | worker length: 37 (expected: 1 to 36 bytes) page=3",
                "80 | 129 | n length: 129 (expected: 0 to 128 bytes) page=3",
                "80 | 0 | n: 0 (expected: odd and above 3) page=3",
                "212 | -1 | x length: -1 (expected: 0 to 128 bytes) page=3"
            })
    void curvePage_malformedField_isRefusedByName(int offset, int value, String message) {
        ByteBuffer bytes = ByteBuffer.wrap(CURVE_PAGE.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(offset, value);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> CurvePage.of(3, bytes));
        assertEquals(message, e.getMessage());
    }

    @Test
    void page_ofAnotherLength_isRefused() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> CurvePage.of(3, ByteBuffer.allocate(512)));
        assertEquals("page length: 512 (expected: 1024) page=3", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> ProblemPage.problem(ByteBuffer.allocate(2048)));
    }

    @Test
    void problemPage_thereAndBack_isTheSame() {
        Problem problem = Problem.of(N40.multiply(BigInteger.valueOf(3 * 3 * 5)))
                .afterCurve(3)
                .splitBy(P);
        assertEquals(problem, ProblemPage.problem(ByteBuffer.wrap(ProblemPage.bytes(problem))));
        Problem unsolved = Problem.of(N40);
        assertEquals(unsolved, ProblemPage.problem(ByteBuffer.wrap(ProblemPage.bytes(unsolved))));
    }

    @Test
    void problemPage_mostPartsOf1024Bits_fit() {
        BigInteger number = BigInteger.ONE;
        for (int prime : Primes.small().toArray()) {
            BigInteger next = number.multiply(BigInteger.valueOf(prime));
            if (next.bitLength() > Problem.NUMBER_BITS_MAX) {
                break;
            }
            number = next;
        }
        Problem problem = Problem.of(number);
        assertEquals(131, problem.parts().size());
        assertEquals(problem, ProblemPage.problem(ByteBuffer.wrap(ProblemPage.bytes(problem))));
        Problem power = Problem.of(BigInteger.TWO.pow(1023));
        assertEquals(power, ProblemPage.problem(ByteBuffer.wrap(ProblemPage.bytes(power))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0 | magic: 0x00000000 (expected: 0x31504d4e) page=0",
                "4 | -1 | epoch: -1, curvesDone: 0, takeovers: 0 (expected: >= 0) page=0",
                "24 | 0 | partsCount: 0 (expected: 1 to 216) page=0",
                "24 | 217 | partsCount: 217 (expected: 1 to 216) page=0",
                "24 | 3 | part 2 length: 0 (expected: 1 to 128, room: 850) page=0",
                "28 | 200 | number length: 200 (expected: 0 to 128 bytes) page=0",
                "160 | 16842755 | product of parts: 24 (expected: 6) page=0"
            })
    void problemPage_malformedField_isRefusedByName(int offset, int value, String message) {
        ByteBuffer bytes = ByteBuffer.wrap(ProblemPage.bytes(Problem.of(BigInteger.valueOf(6))))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(offset, value);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> ProblemPage.problem(bytes));
        assertEquals(message, e.getMessage());
    }

    /** Whatever the bytes: a value that encodes to the same meaning, or a refusal that names the page. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void pages_randomlyDamaged_areReadOrRefused(long seed) {
        Random random = new Random(seed);
        byte[] curve = CURVE_PAGE.bytes();
        byte[] problem = ProblemPage.bytes(Problem.of(N40.multiply(BigInteger.valueOf(360))));
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            refused += refused(() -> CurvePage.of(3, ByteBuffer.wrap(damaged(curve, random))), "page=3");
            refused += refused(() -> ProblemPage.problem(ByteBuffer.wrap(damaged(problem, random))), "page=0");
        }
        assertTrue(refused > 1_000, "seed " + seed + ": refused " + refused);
    }

    private static int refused(Runnable decoding, String page) {
        try {
            decoding.run();
            return 0;
        } catch (IllegalArgumentException e) {
            assertTrue(String.valueOf(e.getMessage()).endsWith(page), e::toString);
            return 1;
        }
    }

    private static byte[] damaged(byte[] page, Random random) {
        byte[] copy = page.clone();
        int flips = 1 + random.nextInt(8);
        for (int i = 0; i < flips; i++) {
            copy[random.nextInt(200)] = (byte) random.nextInt();
        }
        return copy;
    }

    @Test
    void numberField_largerThan1024Bits_isRefused() {
        ByteBuffer page = ByteBuffer.allocate(ProblemPage.LENGTH);
        assertThrows(IllegalArgumentException.class, () -> NumberField.put(page, 0, BigInteger.TWO.pow(1024)));
        assertThrows(IllegalArgumentException.class, () -> NumberField.put(page, 0, BigInteger.ONE.negate()));
    }

    @Test
    void numberField_digits_haveNoLeadingZeros() {
        assertArrayEquals(new byte[] {}, NumberField.digits(BigInteger.ZERO));
        assertArrayEquals(new byte[] {(byte) 0xff}, NumberField.digits(BigInteger.valueOf(255)));
        assertArrayEquals(new byte[] {1, 0}, NumberField.digits(BigInteger.valueOf(256)));
    }
}
