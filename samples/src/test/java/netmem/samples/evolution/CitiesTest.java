package netmem.samples.evolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class CitiesTest {
    /** The shortest tour as TSPLIB gives it, with cities from 1. */
    static final int[] OPTIMAL = IntStream.of(
                    1, 49, 32, 45, 19, 41, 8, 9, 10, 43, 33, 51, 11, 52, 14, 13, 47, 26, 27, 28, 12, 25, 4, 6, 15, 5,
                    24, 48, 38, 37, 40, 39, 36, 35, 34, 44, 46, 16, 29, 50, 20, 23, 30, 2, 7, 42, 21, 17, 3, 18, 31, 22)
            .map(city -> city - 1)
            .toArray();

    private final Cities berlin = Cities.berlin52();

    @Test
    void length_ofThePublishedOptimum_is7542() {
        assertEquals(52, berlin.count());
        assertTrue(berlin.isTour(OPTIMAL));
        assertEquals(7542, berlin.length(OPTIMAL));
        assertEquals(Cities.BERLIN52_OPTIMUM, berlin.length(OPTIMAL));
    }

    @Test
    void length_ofTheCitiesInOrder_isTheSumOfRoundedDistances() {
        assertEquals(22205, berlin.length(IntStream.range(0, 52).toArray()));
    }

    @Test
    void distance_isRoundedToTheNearest() {
        Cities cities = Cities.of(List.of("0 0", "1 1", "3 4", "0 2.5"));
        assertEquals(1, cities.distance(0, 1));
        assertEquals(5, cities.distance(0, 2));
        assertEquals(3, cities.distance(0, 3));
        assertEquals(cities.distance(2, 3), cities.distance(3, 2));
        assertEquals(0, cities.distance(2, 2));
    }

    @Test
    void isTour_cityTwiceOrMissingOrUnknown_isFalse() {
        Cities cities = Cities.of(List.of("0 0", "1 1", "3 4"));
        assertTrue(cities.isTour(new int[] {2, 0, 1}));
        assertFalse(cities.isTour(new int[] {2, 0, 2}));
        assertFalse(cities.isTour(new int[] {2, 0}));
        assertFalse(cities.isTour(new int[] {0, 1, 3}));
        assertThrows(IllegalArgumentException.class, () -> new Tour(cities, new int[] {0, 1, 1}));
    }

    @Test
    void tours_turnedAndReversed_areEqual() {
        Cities cities = Cities.of(List.of("0 0", "1 1", "3 4", "0 2"));
        Tour tour = new Tour(cities, new int[] {0, 1, 2, 3});
        Tour same = new Tour(cities, new int[] {2, 1, 0, 3});
        assertEquals(tour, same);
        assertEquals(tour.hashCode(), same.hashCode());
        assertNotEquals(tour, new Tour(cities, new int[] {0, 2, 1, 3}));
    }
}
