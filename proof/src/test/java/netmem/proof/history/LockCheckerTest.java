package netmem.proof.history;

import static netmem.proof.history.Story.made;
import static netmem.proof.history.Story.saw;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A good history of locks, and one for each rule that breaks it. */
@Timeout(10)
class LockCheckerTest {
    private static void assertFound(String rule, Story story) {
        List<String> found = LockChecker.check(story.history);
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.getFirst().startsWith("lock: " + rule), found::getFirst);
    }

    @Test
    void locks_oneAfterTheOther_areGood() {
        Story story = new Story()
                .exclusive(1, 7, 1, 10, 20)
                .exclusive(2, 7, 2, 20, 30)
                .shared(3, 7, 4, 40, 60)
                .shared(4, 7, 3, 50, 80)
                .exclusive(1, 7, 6, 80, 90)
                .exclusive(1, 8, 5, 15, 90)
                .commit(1, 20, 25, 1, saw(7, 1, 0), made(7, 2, 20))
                .commit(2, 30, 35, 2, saw(7, 2, 20), made(7, 3, 30));
        assertEquals(List.of(), story.all());
    }

    @Test
    void exclusive_besideExclusive_isFound() {
        assertFound(
                "held while held exclusively",
                new Story().exclusive(1, 7, 1, 10, 30).exclusive(2, 7, 2, 20, 40));
    }

    @Test
    void shared_besideExclusive_isFound() {
        assertFound(
                "held while held exclusively",
                new Story().exclusive(1, 7, 1, 10, 30).shared(2, 7, 2, 20, 40));
    }

    @Test
    void exclusive_besideAnEarlierShared_isFound() {
        assertFound(
                "held exclusively while held shared",
                new Story().shared(1, 7, 1, 10, 90).shared(3, 7, 2, 11, 15).exclusive(2, 7, 3, 20, 40));
    }

    @Test
    void token_smallerThanOneBefore_isFound() {
        assertFound(
                "token does not grow", new Story().exclusive(1, 7, 2, 10, 20).exclusive(2, 7, 1, 20, 40));
        assertFound(
                "token does not grow", new Story().exclusive(1, 7, 2, 10, 20).shared(2, 7, 2, 20, 40));
        assertFound("token does not grow", new Story().shared(1, 7, 5, 10, 20).exclusive(2, 7, 4, 20, 40));
    }

    @Test
    void token_nearTheUnsignedEnd_grows() {
        Story story = new Story().exclusive(1, 7, Long.MAX_VALUE, 10, 20).exclusive(2, 7, Long.MIN_VALUE, 20, 40);
        assertEquals(List.of(), LockChecker.check(story.history));
    }

    @Test
    void commit_afterOneUnderAGreaterToken_isFound() {
        assertFound(
                "late write not fenced",
                new Story()
                        .commit(2, 20, 30, 2, saw(7, 1, 0), made(7, 2, 20))
                        .commit(1, 10, 40, 1, saw(7, 2, 20), made(7, 3, 30)));
    }

    @Test
    void commit_begunAfterAGreaterGrant_isFound() {
        assertFound(
                "write under a token that was over",
                new Story()
                        .exclusive(1, 7, 1, 10, 20)
                        .exclusive(2, 7, 2, 30, 90)
                        .commit(1, 40, 50, 1, saw(7, 1, 0), made(7, 2, 20)));
    }
}
