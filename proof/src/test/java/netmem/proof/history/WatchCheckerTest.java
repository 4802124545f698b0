package netmem.proof.history;

import static netmem.proof.history.Story.made;
import static netmem.proof.history.Story.saw;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A good history of watches, and one for each rule that breaks it. */
@Timeout(10)
class WatchCheckerTest {
    private static void assertFound(String rule, List<String> found) {
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.getFirst().startsWith("watch: " + rule), found::getFirst);
    }

    private static Story conflated() {
        return new Story()
                .watched(1, 7, 3, 10)
                .notified(1, 7, 5, 20)
                .read(1, 15, 21, saw(7, 5, 50))
                .notified(1, 7, 9, 30)
                .write(1, 15, 31, made(7, 8, 80));
    }

    @Test
    void notifications_conflated_areGood() {
        assertEquals(List.of(), WatchChecker.check(conflated().history, Map.of(7L, 9L, 8L, 4L)));
        assertEquals(List.of(), WatchChecker.checkOrder(conflated().history));
    }

    @Test
    void version_thatFalls_isFound() {
        assertFound("versions fell", WatchChecker.check(conflated().notified(1, 7, 8, 40).history, Map.of()));
    }

    @Test
    void newest_neverTold_isFound() {
        assertFound("never told of v10", WatchChecker.check(conflated().history, Map.of(7L, 10L)));
        assertFound("never told of v10", WatchChecker.check(new Story().watched(1, 7, 9, 1).history, Map.of(7L, 10L)));
        Story ended = conflated().unwatched(1, 7, 50);
        assertEquals(List.of(), WatchChecker.check(ended.history, Map.of(7L, 10L)));
        assertFound("never told of v10", WatchChecker.check(ended.watched(1, 7, 9, 60).history, Map.of(7L, 10L)));
    }

    @Test
    void reply_beforeItsNotification_isFound() {
        Story story = conflated();
        assertFound(
                "a reply overtook the notification of v10",
                WatchChecker.checkOrder(story.read(1, 35, 40, saw(7, 10, 90)).notified(1, 7, 10, 41).history));
        assertFound(
                "a reply overtook the notification of v4",
                WatchChecker.checkOrder(new Story().watched(1, 7, 3, 10).write(1, 5, 20, made(7, 4, 1)).history));
    }

    @Test
    void reply_whileNothingIsWatched_isNotHeldToIt() {
        Story story = conflated()
                .unwatched(1, 7, 32)
                .read(1, 35, 40, saw(7, 10, 90))
                .watched(1, 7, 10, 50)
                .read(1, 55, 60, saw(7, 10, 90))
                .read(2, 55, 60, saw(7, 99, 90));
        assertEquals(List.of(), WatchChecker.checkOrder(story.history));
    }
}
