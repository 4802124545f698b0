package netmem.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PageChoiceTest {
    private static final long SEED = 20261122;
    private static final int DRAWS = 200_000;

    private static int[] drawn(PageChoice choice, int pages) {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] counts = new int[pages];
        for (int i = 0; i < DRAWS; i++) {
            counts[Math.toIntExact(choice.next(random))]++;
        }
        return counts;
    }

    @Test
    void next_withSkew_followsZipfsLaw() {
        for (double skew : new double[] {0.5, 0.99, 1, 2}) {
            int pages = 100;
            PageChoice choice = new PageChoice(pages, skew);
            int[] counts = drawn(choice, pages);
            double sum = 0;
            for (int rank = 1; rank <= pages; rank++) {
                sum += Math.pow(rank, -skew);
            }
            for (int rank = 1; rank <= pages; rank++) {
                double expected = DRAWS * Math.pow(rank, -skew) / sum;
                int actual = counts[Math.toIntExact(choice.page(rank - 1))];
                assertEquals(
                        expected,
                        actual,
                        6 * Math.sqrt(expected) + 1,
                        "skew=" + skew + " rank=" + rank + " seed=" + SEED);
            }
        }
    }

    @Test
    void next_withoutSkew_takesAllPagesAlike() {
        int[] counts = drawn(new PageChoice(10, 0), 10);
        for (int count : counts) {
            assertEquals(DRAWS / 10.0, count, 1000, "seed=" + SEED);
        }
    }

    @Test
    void page_ofEachRank_isAnotherOne() {
        for (int pages : new int[] {2, 3, 64, 1000, 1 << 16}) {
            PageChoice choice = new PageChoice(pages, 1);
            BitSet seen = new BitSet();
            for (int rank = 0; rank < pages; rank++) {
                seen.set(Math.toIntExact(choice.page(rank)));
            }
            assertEquals(pages, seen.cardinality());
            assertEquals(pages, seen.length());
        }
    }

    @Test
    void next_ofSixteenMillionPages_staysWithin() {
        PageChoice choice = new PageChoice(1 << 24, 1.2);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 10_000; i++) {
            long page = choice.next(random);
            assertTrue(page >= 0 && page < 1 << 24, "page=" + page + " seed=" + SEED);
        }
    }

    @Test
    void skew_thatIsNone_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> new PageChoice(10, -1));
        assertThrows(IllegalArgumentException.class, () -> new PageChoice(10, Double.NaN));
    }
}
