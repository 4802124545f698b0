package netmem.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MixTest {
    @Test
    void parse_ofItsOwnText_isTheSame() {
        for (String text : List.of("validated-read", "validated-read=9,page-update=1", "lock-unlock=1,atomic-add=2")) {
            assertEquals(text, Mix.parse(text).toString());
        }
    }

    @Test
    void parse_ofWhatIsNoMix_saysWhatItExpects() {
        for (String text : List.of("", "read", "page-read=", "page-read=0", "page-read=x", "page-read,,page-update")) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> Mix.parse(text), text);
            assertTrue(refusal.toString().contains("expected"), refusal.toString());
        }
    }

    @Test
    void draw_ofTwoOperations_followsTheWeights() {
        Mix.Draw draw = Mix.parse("page-read=3,page-update=1").draw();
        SplittableRandom random = new SplittableRandom(7);
        int reads = 0;
        for (int i = 0; i < 40_000; i++) {
            reads += draw.next(random) == Operation.PAGE_READ ? 1 : 0;
        }
        assertEquals(30_000, reads, 600);
    }
}
