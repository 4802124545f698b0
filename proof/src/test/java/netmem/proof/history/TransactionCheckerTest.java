package netmem.proof.history;

import static netmem.proof.history.Operation.NO_VALUE;
import static netmem.proof.history.Story.made;
import static netmem.proof.history.Story.saw;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Histories whose pages are right one by one, and wrong together. */
@Timeout(10)
class TransactionCheckerTest {
    private static void assertFound(String rule, Story story, int... ids) {
        assertEquals(List.of(), LinearChecker.check(story.history), "each page by itself");
        List<String> found = TransactionChecker.check(story.history);
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.getFirst().startsWith("order: " + rule), found::getFirst);
        for (int id : ids) {
            assertTrue(found.getFirst().contains("#" + id + " "), found::getFirst);
        }
    }

    private static void assertGood(Story story) {
        assertEquals(List.of(), story.all());
    }

    @Test
    void transfers_besideSnapshots_areGood() {
        assertGood(new Story()
                .change(1, 0, 50, List.of(saw(1, 1, 0), saw(2, 1, 0)), made(1, 2, 10), made(2, 2, 20))
                .read(2, 10, 20, saw(1, 1, 0), saw(2, 1, 0))
                .read(2, 21, 30, saw(1, 2, 10), saw(2, 2, 20))
                .change(3, 5, 60, List.of(saw(1, 2, 10), saw(3, 1, 0)), made(1, 3, 11), made(3, 2, 30))
                .read(2, 31, 70, saw(1, 3, 11), saw(2, 2, 20), saw(3, 2, 30)));
    }

    @Test
    void snapshot_ofOnePageBeforeAndOneAfter_isFound() {
        assertFound(
                "no order of these is possible",
                new Story()
                        .write(1, 0, 50, made(1, 2, 10), made(2, 2, 20))
                        .read(2, 10, 40, saw(1, 2, 10), saw(2, 1, 0)),
                1,
                2);
    }

    @Test
    void snapshots_thatSeeTwoWritesInDifferentOrders_areFound() {
        assertFound(
                "no order of these is possible",
                new Story()
                        .write(1, 0, 50, made(1, 2, 10))
                        .write(2, 0, 50, made(2, 2, 20))
                        .read(3, 10, 40, saw(1, 2, 10), saw(2, 1, 0))
                        .read(4, 10, 40, saw(1, 1, 0), saw(2, 2, 20)),
                1,
                2,
                3,
                4);
    }

    @Test
    void changes_thatEachSawWhatTheOtherReplaced_areFound() {
        assertFound(
                "no order of these is possible",
                new Story()
                        .change(1, 0, 50, List.of(saw(1, 1, 0), saw(2, 1, 0)), made(1, 2, 10))
                        .change(2, 0, 50, List.of(saw(1, 1, 0), saw(2, 1, 0)), made(2, 2, 20)),
                1,
                2);
    }

    @Test
    void order_againstRealTimeOverTwoPages_isFound() {
        // Client 3 sees the second write and not the first, which was complete before the second began.
        assertFound(
                "no order of these is possible",
                new Story()
                        .write(1, 0, 10, made(1, 2, 10))
                        .write(2, 20, 30, made(2, 2, 20))
                        .read(3, 5, 40, saw(1, 1, 0), saw(2, 2, 20)),
                1,
                2,
                3);
    }

    @Test
    void gapInVersions_betweenTwoSnapshots_stillOrdersThem() {
        Story story = new Story()
                .unknown(1, 0, List.of(), made(1, 0, NO_VALUE))
                .unknown(1, 0, List.of(), made(2, 0, NO_VALUE))
                .read(3, 10, 40, saw(1, 2, 10), saw(2, 1, 0))
                .read(4, 10, 40, saw(1, 1, 0), saw(2, 2, 20));
        assertFound("no order of these is possible", story, 3, 4);
    }

    @Test
    void unknownTransaction_whoseRequirementWasOver_isFound() {
        assertFound(
                "no order of these is possible",
                new Story()
                        .write(1, 0, 10, made(1, 2, 10))
                        .unknown(2, 20, List.of(saw(1, 1, NO_VALUE)), made(2, 0, 20))
                        .read(3, 30, 40, saw(2, 2, 20)),
                1,
                2);
    }

    @Test
    void unknownTransaction_halfThere_isFound() {
        Story story = new Story()
                .unknown(1, 0, List.of(), made(1, 0, 10), made(2, 0, 20))
                .read(3, 10, 20, saw(1, 2, 10))
                .read(3, 30, 40, saw(2, 1, 0));
        assertFound("half of a transaction: page 1 shows it, page 2 does not", story, 1, 2);
    }

    @Test
    void unknownTransaction_whollyThereOrNot_isGood() {
        assertGood(new Story()
                .unknown(1, 0, List.of(), made(1, 0, 10), made(2, 0, 20))
                .unknown(1, 0, List.of(saw(1, 1, NO_VALUE)), made(1, 0, 11), made(2, 0, 21))
                .read(3, 10, 20, saw(1, 2, 10))
                .read(3, 30, 40, saw(2, 2, 20)));
    }
}
