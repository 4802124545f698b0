package netmem.server.engine;

import static netmem.server.engine.EngineFixture.lock;
import static netmem.server.engine.EngineFixture.unlock;
import static netmem.server.engine.EngineFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import netmem.api.Status;
import netmem.api.wire.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole-page update of a 0.2 client inside the engine. Not here: its wire (Wire02*Test). */
@Timeout(30)
final class EngineUpdate02Test {
    @RegisterExtension
    final EngineFixture fixture = new EngineFixture();

    private final EngineClient old = fixture.open02();

    private static Answer written(long version) {
        return new Answer.Now(new Reply.Written(version));
    }

    @ParameterizedTest
    @CsvSource({"0, 6", "-1, 6", "1, 6", "5, 6", "6, 6", "7, 7", "2147483647, 2147483647"})
    void update_freePage_takesTheWantedVersionWhenAbove(int wanted, long version) {
        old.update02(0, 5, 1);
        assertEquals(written(version), old.update02(0, wanted, 2));
        assertEquals(2, fixture.value(0));
        assertEquals(version, fixture.pages.version(0));
    }

    @Test
    void update_pastTheCycle_goesOn() {
        assertEquals(written(Integer.MAX_VALUE), old.update02(0, Integer.MAX_VALUE, 1));
        assertEquals(written(1L + Integer.MAX_VALUE), old.update02(0, Integer.MAX_VALUE, 2));
        assertEquals(1, Version02.of(fixture.pages.version(0)));
        assertEquals(written(100L + Integer.MAX_VALUE), old.update02(0, 100, 3));
        assertEquals(100, Version02.of(fixture.pages.version(0)));
    }

    @Test
    void update_byTheHolder_releasesThePage() {
        EngineClient next = fixture.open();
        old.lock(0);
        long waiting = next.waits(lock(0, 1000));
        assertEquals(written(2), old.update02(0, 0, 3));
        assertEquals(0, old.token(0));
        assertEquals(
                List.of(next.completed(
                        waiting,
                        lock(0, 1),
                        0,
                        new Reply.Granted(2, 2, Reply.Granted.Content.NONE, PageChange.NOTHING))),
                fixture.effects());
    }

    @Test
    void update_pageOfAnother_waitsInLineWithoutALimit() {
        EngineClient holder = fixture.open02();
        holder.lock(0);
        assertEquals(Answer.DEFERRED, old.update02(0, 9, 3));
        assertEquals(EngineFixture.PAGE_LENGTH, fixture.counter("waiting-bytes"));
        fixture.pass(1_000_000_000);
        assertEquals(List.of(), fixture.effects());
        holder.call(unlock(0, holder.token(0), 1));
        Effect.Completed done = (Effect.Completed) fixture.effects().getFirst();
        assertEquals(new Reply.Written(9), done.reply());
        assertEquals(write(0, 1, 1).opcode().code(), done.opcode());
        assertEquals(3, fixture.value(0));
    }

    @Test
    void update_pageOutOfRange_isRefused() {
        Answer answer = old.update02(EngineFixture.PAGES, 0, 1);
        EngineClient.assertFailed(
                Status.NO_SUCH_PAGE, EngineFixture.PAGES, EngineFixture.PAGES, ((Answer.Now) answer).reply());
    }

    @Test
    void update_repeated_isRunOnce() {
        long id = old.freshId();
        ByteBuffer data = ByteBuffer.allocate(EngineFixture.PAGE_LENGTH);
        for (int i = 0; i < 2; i++) {
            Answer answer = fixture.engine.update02(old.session, id, 0, data.duplicate(), 0, fixture.now);
            assertEquals(written(2), answer);
        }
        assertEquals(2, fixture.pages.version(0));
    }
}
