package netmem.server.engine;

import static netmem.server.engine.EngineAsks.transact;
import static netmem.server.engine.EngineAsks.word;
import static netmem.server.engine.EngineAsks.write;
import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.PAGES;
import static netmem.server.engine.EngineFixture.PAGE_LENGTH;
import static netmem.server.engine.EngineFixture.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.Reply;
import netmem.api.wire.Reply.Committed.Result;
import netmem.api.wire.Reply.Committed.Version;
import netmem.api.wire.Reply.NotCommitted.Compare;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** TRANSACT on free pages: what compares, reads and changes see, and that a failure changes nothing. With locks: EngineTransactLocksTest. */
@Timeout(30)
final class EngineTransactTest {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    @RegisterExtension
    final EngineFixture fixture = new EngineFixture();

    private final EngineClient client = fixture.open();

    private static Reply committed(List<Version> versions, Result... results) {
        return new Reply.Committed(versions, List.of(results));
    }

    private static Reply notCommitted(Compare... compares) {
        return new Reply.NotCommitted(List.of(compares));
    }

    private static Step add(long page, int offset, long operand) {
        return new Step.Atomic(page, offset, WordFunction.ADD, operand);
    }

    @Test
    void noSteps_areCommitted() {
        assertEquals(committed(List.of()), client.call(transact()));
    }

    @Test
    void changes_ofSeveralPages_bringTheirVersionsInOrderOfFirstChange() {
        client.call(EngineFixture.write(5, 0, 1));
        Reply reply = client.call(transact(write(5, 6), write(2, 7), write(5, 8), add(0, 8, 1)));
        assertEquals(
                committed(List.of(new Version(5, 3), new Version(2, 2), new Version(0, 2)), new Result(1, word(0))),
                reply);
        assertEquals(8, fixture.value(5), "the later write wins");
        assertEquals(7, fixture.value(2));
    }

    @Test
    void reads_whereverTheyStand_seeThePagesBefore() {
        client.call(EngineFixture.write(0, 0, 0x04030201));
        Reply reply = client.call(transact(
                new Step.Read(0, 1, 2),
                write(0, 9),
                new Step.Read(0, 0, 4),
                new Step.CompareVersion(0, 2),
                new Step.CompareBytes(0, 0, number(0x04030201))));
        assertEquals(
                committed(
                        List.of(new Version(0, 3)),
                        new Result(2, ByteBuffer.wrap(new byte[] {2, 3})),
                        new Result(2, number(0x04030201))),
                reply);
    }

    @Test
    void reads_only_changeNothingAndAreOfOneInstant() {
        client.call(transact(write(1, 5), write(2, 6)));
        assertEquals(
                committed(List.of(), new Result(2, number(5)), new Result(2, number(6)), new Result(1, number(0))),
                client.call(transact(new Step.Read(1, 0, 4), new Step.Read(2, 0, 4), new Step.Read(3, 0, 4))));
        assertEquals(2, fixture.pages.version(1));
    }

    @Test
    void atomics_seeWhatEarlierStepsWrote() {
        Reply reply = client.call(transact(
                add(0, 8, 5),
                add(0, 8, 6),
                new Step.Write(0, 12, number(1)),
                add(0, 8, 0),
                new Step.Write(0, 0, word(7)),
                new Step.Atomic(0, 0, WordFunction.MAX, 9),
                add(1, 0, 1)));
        long halfOverwritten = 11 | 1L << 32;
        assertEquals(
                committed(
                        List.of(new Version(0, 2), new Version(1, 2)),
                        new Result(1, word(0)),
                        new Result(1, word(5)),
                        new Result(1, word(halfOverwritten)),
                        new Result(1, word(7)),
                        new Result(1, word(0))),
                reply);
        assertEquals(9, fixture.value(0));
        assertEquals(1, fixture.value(1));
    }

    @Test
    void writes_thatOverlapAWordOnEitherSide_areSeenByItsAtomic() {
        ByteBuffer ones = ByteBuffer.wrap(new byte[] {1, 1, 1, 1, 1, 1, 1, 1});
        Reply reply = client.call(
                transact(new Step.Write(0, 4, ones), new Step.Write(0, 14, ones.duplicate()), add(0, 8, 0)));
        long word = ByteBuffer.wrap(new byte[] {1, 1, 1, 1, 0, 0, 1, 1})
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong(0);
        assertEquals(committed(List.of(new Version(0, 2)), new Result(1, word(word))), reply);
    }

    @Test
    void writtenBytes_ofAWindowOfABuffer_areThoseOfTheWindow() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 9, 1, 2, 3, 4, 9});
        buffer.position(2).limit(6);
        client.call(transact(new Step.Write(0, 0, buffer), add(0, 0, 0)));
        assertEquals(0x04030201, fixture.value(0));
    }

    @Test
    void eachFailedCompare_isNamedWithWhatThereIsAndNothingChanges() {
        client.call(EngineFixture.write(1, 0, 5));
        EngineClient other = fixture.open();
        long token = other.lock(2);
        Reply reply = client.call(transact(
                new Step.CompareVersion(0, 1),
                new Step.CompareVersion(1, 1),
                write(0, 9),
                new Step.CompareBytes(1, 0, number(6)),
                add(3, 0, 1),
                new Step.CompareBytes(1, 0, number(5)),
                new Step.CompareVersion(2, 7)));
        assertEquals(
                notCommitted(
                        new Compare(1, 1, 2, 0, null),
                        new Compare(3, 1, 2, 0, null),
                        new Compare(6, 2, 1, token, null)),
                reply);
        for (int page = 0; page < PAGES; page++) {
            assertEquals(page == 1 ? 2 : 1, fixture.pages.version(page));
        }
    }

    @Test
    void failedCompares_withReturnCurrent_bringTheirPages() {
        client.call(EngineFixture.write(1, 0, 5));
        List<Step> steps = List.of(new Step.CompareVersion(1, 9), new Step.CompareVersion(0, 9), write(2, 1));
        ByteBuffer page = ByteBuffer.allocate(PAGE_LENGTH).putInt(0, Integer.reverseBytes(5));
        assertEquals(
                notCommitted(new Compare(0, 1, 2, 0, page), new Compare(1, 0, 1, 0, ByteBuffer.allocate(PAGE_LENGTH))),
                client.call(new Request.Transact(0, true, steps)));
    }

    @Test
    void compareVersion_ofAnyOther_fails() {
        client.call(EngineFixture.write(0, 0, 5));
        for (long version : new long[] {0, 1, 3, -1, Long.MIN_VALUE}) {
            assertInstanceOf(
                    Reply.NotCommitted.class, client.call(transact(new Step.CompareVersion(0, version), write(0, 6))));
        }
        assertEquals(
                committed(List.of(new Version(0, 3))),
                client.call(transact(new Step.CompareVersion(0, 2), write(0, 6))));
    }

    @Test
    void compareBytes_atTheEndOfAPage_seesThem() {
        ByteBuffer last = ByteBuffer.wrap(new byte[] {0});
        assertEquals(committed(List.of()), client.call(transact(new Step.CompareBytes(0, PAGE_LENGTH - 1, last))));
        ByteBuffer other = ByteBuffer.wrap(new byte[] {1});
        assertEquals(
                notCommitted(new Compare(0, 0, 1, 0, null)),
                client.call(transact(new Step.CompareBytes(0, PAGE_LENGTH - 1, other))));
    }

    @Test
    void stepOutOfBounds_isRefusedBeforeAnyEffect() {
        for (Step step : List.of(
                new Step.CompareVersion(PAGES, 1),
                new Step.CompareToken(PAGES, 1),
                new Step.Release(PAGES, 1),
                new Step.Read(PAGES, 0, 1),
                write(PAGES, 1),
                add(PAGES, 0, 1),
                new Step.CompareBytes(PAGES, 0, number(0)))) {
            assertFailed(Status.NO_SUCH_PAGE, PAGES, PAGES, client.call(transact(write(0, 1), step)));
        }
        for (Step step : List.of(
                new Step.Read(0, 0, PAGE_LENGTH + 1),
                new Step.Read(0, 1, PAGE_LENGTH),
                new Step.Write(0, PAGE_LENGTH - 3, number(1)),
                new Step.CompareBytes(0, PAGE_LENGTH - 3, number(1)))) {
            assertFailed(Status.BAD_RANGE, PAGE_LENGTH + 1, PAGE_LENGTH, client.call(transact(write(0, 1), step)));
        }
        assertFailed(Status.BAD_RANGE, 68, PAGE_LENGTH, client.call(transact(add(0, 60, 1))));
        assertFailed(Status.BAD_RANGE, 4, 0, client.call(transact(write(1, 1), add(0, 4, 1))));
        for (Step step :
                List.of(new Step.Read(0, 8, 0), new Step.Write(0, 8, NOTHING), new Step.CompareBytes(0, 8, NOTHING))) {
            assertFailed(Status.BAD_RANGE, 8, PAGE_LENGTH, client.call(transact(step)));
        }
        assertFailed(Status.BAD_RANGE, 0xFFFFFFFFL + 1, PAGE_LENGTH, client.call(transact(new Step.Read(0, -1, 1))));
        assertFailed(Status.BAD_RANGE, 0xFFFFFFFFL, PAGE_LENGTH, client.call(transact(new Step.Read(0, 0, -1))));
        assertEquals(1, fixture.pages.version(0));
        assertEquals(1, fixture.pages.version(1));
    }

    @Test
    void repeated_isRunOnceAndKeepsSmallResults() {
        long id = client.freshId();
        Request.Transact transact = transact(new Step.Read(1, 0, 4), add(0, 0, 5));
        Reply first = committed(List.of(new Version(0, 2)), new Result(1, number(0)), new Result(1, word(0)));
        for (int i = 0; i < 3; i++) {
            assertEquals(first, client.call(id, transact));
        }
        assertEquals(5, fixture.value(0));
    }

    @Test
    void repeated_withManyResults_keepsVersionsAndWords() {
        List<Step> steps = new ArrayList<>(Collections.nCopies(8, new Step.Read(1, 0, PAGE_LENGTH)));
        steps.add(add(0, 0, 5));
        Request.Transact transact = new Request.Transact(0, false, steps);
        List<Result> full = new ArrayList<>(Collections.nCopies(8, new Result(1, ByteBuffer.allocate(PAGE_LENGTH))));
        full.add(new Result(1, word(0)));
        long id = client.freshId();
        assertEquals(new Reply.Committed(List.of(new Version(0, 2)), full), client.call(id, transact));
        List<Result> kept = new ArrayList<>(Collections.nCopies(8, new Result(1, null)));
        kept.add(new Result(1, word(0)));
        assertEquals(new Reply.Committed(List.of(new Version(0, 2)), kept), client.call(id, transact));
    }

    @Test
    void repeated_failure_isTheSameWithoutPages() {
        long id = client.freshId();
        Request.Transact transact = new Request.Transact(0, true, List.of(new Step.CompareVersion(0, 9)));
        client.call(id, transact);
        client.call(EngineFixture.write(0, 0, 5));
        assertEquals(notCommitted(new Compare(0, 0, 1, 0, null)), client.call(id, transact));
    }
}
