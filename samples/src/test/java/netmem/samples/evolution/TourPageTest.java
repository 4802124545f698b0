package netmem.samples.evolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class TourPageTest {
    private final Cities cities = Cities.berlin52();
    private final Tour optimal = new Tour(cities, CitiesTest.OPTIMAL);
    private final Tour inOrder = new Tour(cities, IntStream.range(0, 52).toArray());
    private final ByteBuffer page = ByteBuffer.wrap(
                    TourPage.bytes(new TourPage.Origin(3, 1L << 40, 5, 6), List.of(optimal, inOrder)))
            .order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void tours_written_areReadAgain() {
        assertEquals(List.of(optimal, inOrder), TourPage.tours(page, cities));
        assertEquals(new TourPage.Origin(3, 1L << 40, 5, 6), TourPage.origin(page));
        assertEquals(7542, TourPage.length(page));
        assertFalse(TourPage.isEmpty(page));
    }

    @Test
    void page_ofZeros_isEmptyAndLongerThanAny() {
        ByteBuffer zeros = ByteBuffer.allocate(TourPage.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        assertTrue(TourPage.isEmpty(zeros));
        assertEquals(List.of(), TourPage.tours(zeros, cities));
        assertEquals(Integer.MAX_VALUE, TourPage.length(zeros));
    }

    @Test
    void tours_damaged_areRefused() {
        byte city = page.get(28);
        page.put(29, city);
        assertThrows(IllegalArgumentException.class, () -> TourPage.tours(page, cities));
        page.putInt(0, 10);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> TourPage.tours(page, cities));
        assertEquals("count: 10 (expected: 0 to 9)", e.getMessage());
    }

    @Test
    void wish_ofArguments_isReadOrRefused() {
        assertEquals(new Wish(3, 120, 7542, false), Wish.of());
        assertEquals(new Wish(2, 9, 7919, true), Wish.of("--kill-one", "2", "9", "--within=5"));
        for (String wrong : new String[] {"0", "17", "x", "--within=101", "--kill-two"}) {
            assertThrows(IllegalArgumentException.class, () -> Wish.of(wrong), wrong);
        }
        assertThrows(IllegalArgumentException.class, () -> Wish.of("1", "--kill-one"));
        assertThrows(IllegalArgumentException.class, () -> Wish.of("1", "2", "3"));
    }
}
