package netmem.proof.history;

import static netmem.proof.history.Operation.NO_VALUE;
import static netmem.proof.history.Story.made;
import static netmem.proof.history.Story.saw;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Good histories pass, and of each rule one that breaks it is found, by that rule. */
@Timeout(10)
class LinearCheckerTest {
    private static void assertFound(String rule, Story story, int... ids) {
        List<String> found = LinearChecker.check(story.history);
        List<String> ofRule = found.stream()
                .filter(text -> text.startsWith("linear: " + rule))
                .toList();
        assertEquals(1, ofRule.size(), found::toString);
        for (int id : ids) {
            assertTrue(ofRule.getFirst().contains("#" + id + " "), ofRule::getFirst);
        }
    }

    private static void assertGood(Story story) {
        assertEquals(List.of(), LinearChecker.check(story.history));
    }

    @Test
    void history_ofConcurrentReadsAndWrites_isGood() {
        assertGood(new Story()
                .read(1, 0, 10, saw(7, 1, 0))
                .write(1, 20, 40, made(7, 2, 200))
                .read(2, 25, 30, saw(7, 1, 0))
                .read(2, 31, 35, saw(7, 2, 200))
                .write(2, 36, 60, made(7, 4, 400))
                .change(3, 37, 50, List.of(saw(7, 2, 200)), made(7, 3, 300))
                .read(3, 51, 52, saw(7, 3, 300))
                .read(3, 70, 80, saw(7, 4, 400)));
    }

    @Test
    void history_withUnknownFates_isGoodWhetherTheyHappenedOrNot() {
        assertGood(new Story()
                .unknown(1, 0, List.of(), made(7, 0, 100))
                .unknown(1, 5, List.of(), made(7, 0, 101))
                .unknown(2, 6, List.of(), made(7, 0, NO_VALUE))
                .unknown(2, 7, List.of(saw(7, 2, NO_VALUE)), made(7, 0, 102))
                .read(3, 20, 30, saw(7, 2, 100))
                .read(3, 40, 50, saw(7, 3, 102))
                .read(3, 60, 70, saw(7, 4, 77)));
    }

    @Test
    void history_ofOperationsAtOneInstant_isGoodInEitherOrder() {
        assertGood(new Story()
                .write(1, 10, 10, made(7, 3, 300))
                .write(2, 10, 10, made(7, 2, 200))
                .read(3, 10, 10, saw(7, 1, 0)));
    }

    @Test
    void read_olderThanACompleteWrite_isStale() {
        assertFound("stale read", new Story().write(1, 0, 10, made(7, 2, 200)).read(2, 11, 20, saw(7, 1, 0)), 1, 2);
    }

    @Test
    void read_olderThanACompleteRead_isStale() {
        assertFound(
                "stale read",
                new Story()
                        .write(1, 0, 100, made(7, 2, 200))
                        .read(2, 11, 20, saw(7, 2, 200))
                        .read(3, 21, 30, saw(7, 1, 0)),
                2,
                3);
    }

    @Test
    void write_ofAVersionThatWasCompleteBefore_isFound() {
        assertFound(
                "made an old version",
                new Story().write(1, 0, 10, made(7, 3, 300)).write(2, 11, 20, made(7, 2, 200)),
                1,
                2);
    }

    @Test
    void read_ofAWriteThatBeganLater_isFromTheFuture() {
        assertFound(
                "read from the future",
                new Story().read(1, 0, 10, saw(7, 2, 200)).unknown(2, 11, List.of(), made(7, 0, 200)),
                1,
                2);
    }

    @Test
    void read_ofANewerVersionThanAnyBegun_isFromTheFuture() {
        assertFound(
                "read from the future",
                new Story()
                        .unknown(1, 50, List.of(), made(7, 0, 200))
                        .unknown(1, 5, List.of(), made(7, 0, 300))
                        .read(2, 0, 10, saw(7, 3, 300))
                        .read(2, 60, 70, saw(7, 3, 300))
                        .read(3, 40, 90, saw(7, 2, 200)),
                1,
                3);
    }

    @Test
    void version_withTwoValues_isFound() {
        assertFound(
                "one version with two values",
                new Story().write(1, 0, 10, made(7, 2, 200)).read(2, 5, 20, saw(7, 2, 201)),
                1,
                2);
    }

    @Test
    void firstVersion_notZero_isFound() {
        assertFound("one version with two values", new Story().read(2, 5, 20, saw(7, 1, 5)), 1);
    }

    @Test
    void version_madeTwice_isFound() {
        assertFound(
                "one version made twice",
                new Story().write(1, 0, 10, made(7, 2, NO_VALUE)).write(2, 5, 10, made(7, 2, 200)),
                1,
                2);
    }

    @Test
    void firstVersion_made_isFound() {
        assertFound(
                "a version made that was there from the start", new Story().write(1, 0, 10, made(7, 1, NO_VALUE)), 1);
    }

    @Test
    void value_underTwoVersions_ranTwice() {
        assertFound(
                "one value under two versions",
                new Story()
                        .unknown(1, 0, List.of(), made(7, 0, 200))
                        .read(2, 5, 10, saw(7, 2, 200))
                        .write(2, 11, 12, made(7, 3, 300))
                        .read(2, 15, 20, saw(7, 4, 200)),
                2,
                4);
    }

    @Test
    void unknown_sameStateAsAnother_isFound() {
        assertFound(
                "one state made by two operations",
                new Story().unknown(1, 0, List.of(), made(7, 0, 200)).write(2, 5, 10, made(7, 2, 200)),
                1,
                2);
    }

    @Test
    void withoutEffect_valueSeen_isFound() {
        assertFound(
                "an operation without effect had one",
                new Story().without(1, 0, 10, made(7, 0, 200)).read(2, 5, 20, saw(7, 2, 200)),
                1,
                2);
    }

    @Test
    void change_ofAnotherVersionThanItSaw_isFound() {
        assertFound(
                "changed v2 although it saw or required v1",
                new Story().write(1, 0, 10, made(7, 2, 200)).change(2, 0, 10, List.of(saw(7, 1, 0)), made(7, 3, 300)),
                2);
    }

    @Test
    void unknownChange_ofAnotherVersionThanItRequired_isFound() {
        assertFound(
                "changed v2 although it saw or required v1",
                new Story()
                        .write(1, 0, 10, made(7, 2, 200))
                        .unknown(2, 0, List.of(saw(7, 1, NO_VALUE)), made(7, 0, 300))
                        .read(1, 20, 30, saw(7, 3, 300)),
                2);
    }

    @Test
    void value_thatNobodyMade_isFound() {
        assertFound("values that nobody made", new Story().read(1, 0, 10, saw(7, 2, 200)), 1);
    }

    @Test
    void change_thatHappenedTwiceUnseen_isFoundByTheGap() {
        Story story = new Story().write(1, 0, 10, made(7, 2, 200)).write(1, 11, 20, made(7, 4, 400));
        assertFound("changes that nobody made, or that happened twice, page 7: 1", story);
        assertTrue(LinearChecker.check(story.history).getFirst().contains("made by nobody: v3"));
        assertGood(story.unknown(2, 0, List.of(), made(7, 0, 300)));
    }
}
