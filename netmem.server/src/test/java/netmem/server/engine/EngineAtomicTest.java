package netmem.server.engine;

import static netmem.server.engine.EngineAsks.atomic;
import static netmem.server.engine.EngineAsks.word;
import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.PAGES;
import static netmem.server.engine.EngineFixture.PAGE_LENGTH;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ATOMIC: each function, its conditions, its place in line, and what a repeated one gets. */
@Timeout(30)
final class EngineAtomicTest {
    private static final int LAST_WORD = PAGE_LENGTH - Long.BYTES;

    @RegisterExtension
    final EngineFixture fixture = new EngineFixture();

    private final EngineClient client = fixture.open();

    private long wordAt(int offset) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        fixture.pages.read(0, offset, Long.BYTES, bytes);
        return bytes.getLong(0);
    }

    private Reply compareAndSet(long expected, long operand) {
        return client.call(new Request.Atomic(0, 0, 0, 0, 0, WordFunction.COMPARE_AND_SET, operand, expected));
    }

    @ParameterizedTest
    @CsvSource({
        "ADD, 5, 3, 8",
        "ADD, 9223372036854775807, 1, -9223372036854775808",
        "AND, 12, 10, 8",
        "OR, 12, 10, 14",
        "XOR, 12, 10, 6",
        "MIN, -1, 1, -1",
        "MIN, 1, -1, -1",
        "MAX, -1, 1, 1",
        "MAX, 1, -1, 1",
        "SWAP, 5, 7, 7",
    })
    void function_ofEach_bringsTheOldWordAndPutsTheNew(WordFunction function, long old, long operand, long now) {
        client.call(new Request.Atomic(0, 0, 0, 0, LAST_WORD, WordFunction.SWAP, old, 0));
        Request.Atomic atomic = new Request.Atomic(0, 0, 0, 0, LAST_WORD, function, operand, 0);
        assertEquals(new Reply.Fetched(3, old), client.call(atomic));
        assertEquals(now, wordAt(LAST_WORD));
        assertEquals(0, wordAt(LAST_WORD - Long.BYTES), "its neighbour is untouched");
    }

    @Test
    void wordThatStaysTheSame_isAVersionAllTheSame() {
        assertEquals(new Reply.Fetched(2, 0), client.call(atomic(0, WordFunction.ADD, 0)));
        assertEquals(2, fixture.pages.version(0));
    }

    @Test
    void compareAndSet_expectedWord_isSet() {
        assertEquals(new Reply.Fetched(2, 0), compareAndSet(0, 8));
        assertEquals(new Reply.Fetched(3, 8), compareAndSet(8, 9));
        assertEquals(9, wordAt(0));
    }

    @Test
    void compareAndSet_otherWord_changesNothingAndTellsIt() {
        compareAndSet(0, 8);
        assertEquals(new Reply.ConditionFailed(2, word(8)), compareAndSet(7, 9));
        assertEquals(8, wordAt(0));
        assertEquals(2, fixture.pages.version(0));
    }

    @Test
    void ifVersion_other_changesNothingAndTellsTheWord() {
        client.call(atomic(0, WordFunction.SWAP, 5));
        Request.Atomic stale = new Request.Atomic(0, 1, 0, 0, 0, WordFunction.ADD, 1, 0);
        assertEquals(new Reply.ConditionFailed(2, word(5)), client.call(stale));
        Request.Atomic current = new Request.Atomic(0, 2, 0, 0, 0, WordFunction.ADD, 1, 0);
        assertEquals(new Reply.Fetched(3, 5), client.call(current));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7, 9, 55})
    void offset_notAMultipleOfEight_isRefused(int offset) {
        Request.Atomic atomic = new Request.Atomic(0, 0, 0, 0, offset, WordFunction.ADD, 1, 0);
        assertFailed(Status.BAD_RANGE, offset, offset & -8, client.call(atomic));
        assertEquals(1, fixture.pages.version(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {57, 60, 64, 72, Integer.MAX_VALUE, Integer.MIN_VALUE, -8, -1})
    void word_outsideOfThePage_isRefused(int offset) {
        Request.Atomic atomic = new Request.Atomic(0, 0, 0, 0, offset, WordFunction.ADD, 1, 0);
        long end = Integer.toUnsignedLong(offset) + Long.BYTES;
        assertFailed(Status.BAD_RANGE, end, PAGE_LENGTH, client.call(atomic));
    }

    @Test
    void page_thatIsNotThere_isRefused() {
        assertFailed(Status.NO_SUCH_PAGE, PAGES, PAGES, client.call(atomic(PAGES, WordFunction.ADD, 1)));
        assertFailed(Status.NO_SUCH_PAGE, -1, PAGES, client.call(atomic(-1, WordFunction.ADD, 1)));
    }

    @Test
    void page_locked_needsTheToken() {
        long token = client.lock(0);
        assertFailed(Status.LOCKED, token, 0, client.call(atomic(0, WordFunction.ADD, 1)));
        Request.Atomic under = new Request.Atomic(0, 0, token, 0, 0, WordFunction.ADD, 1, 0);
        assertEquals(new Reply.Fetched(2, 0), client.call(under));
        assertFailed(Status.FENCED, token, token, fixture.open().call(under));
        client.unlock(0);
        assertFailed(Status.FENCED, token, 0, client.call(under));
        assertEquals(1, wordAt(0));
    }

    @Test
    void inLine_isDoneInItsPlaceAndJudgedThen() {
        EngineClient holder = fixture.open();
        holder.lock(0);
        Request.Atomic add = new Request.Atomic(0, 0, 0, 1000, 0, WordFunction.ADD, 5, 0);
        Request.Atomic set = new Request.Atomic(0, 0, 0, 1000, 0, WordFunction.COMPARE_AND_SET, 1, 0);
        long first = client.waits(add);
        long second = client.waits(set);
        holder.unlock(0);
        assertEquals(
                List.of(
                        client.completed(first, add, 0, new Reply.Fetched(2, 0)),
                        client.completed(second, set, 0, new Reply.ConditionFailed(2, word(5)))),
                fixture.effects());
    }

    @Test
    void inLine_pastItsLimit_isTimeoutAndNeverDone() {
        fixture.open().lock(0);
        long id = client.waits(new Request.Atomic(0, 0, 0, 10, 0, WordFunction.ADD, 5, 0));
        fixture.pass(10);
        assertFailed(Status.TIMEOUT, 10, 10, client.call(id, atomic(0, WordFunction.ADD, 5)));
        assertEquals(1, fixture.pages.version(0));
    }

    @Test
    void repeated_isRunOnceAndKeepsItsWord() {
        long id = client.freshId();
        for (int i = 0; i < 3; i++) {
            assertEquals(new Reply.Fetched(2, 0), client.call(id, atomic(0, WordFunction.ADD, 5)));
        }
        assertEquals(5, wordAt(0));
        long failed = client.freshId();
        Request.Atomic set = new Request.Atomic(0, 0, 0, 0, 0, WordFunction.COMPARE_AND_SET, 1, 0);
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    new Reply.ConditionFailed(2, word(5)), client.call(failed, set), "with the word, also repeated");
            client.call(new Request.Read(0, 0, Ranges.NONE));
        }
    }

    @Test
    void atomics_ofManyClients_addUp() {
        for (int i = 0; i < 10; i++) {
            fixture.open().call(atomic(0, WordFunction.ADD, i));
        }
        assertEquals(45, wordAt(0));
        assertEquals(11, fixture.pages.version(0));
    }
}
