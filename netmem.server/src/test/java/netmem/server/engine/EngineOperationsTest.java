package netmem.server.engine;

import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.PAGES;
import static netmem.server.engine.EngineFixture.PAGE_LENGTH;
import static netmem.server.engine.EngineFixture.lock;
import static netmem.server.engine.EngineFixture.number;
import static netmem.server.engine.EngineFixture.unlock;
import static netmem.server.engine.EngineFixture.write;
import static netmem.server.engine.EngineFixture.writeWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import netmem.api.Incarnation;
import netmem.api.PageRange;
import netmem.api.Status;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each operation on free pages, and each refusal with its actual and expected values. Not here: waiting (EngineLinesTest), READ in full (PageReadsTest). */
@Timeout(30)
final class EngineOperationsTest {
    @RegisterExtension
    final EngineFixture fixture = new EngineFixture();

    private final EngineClient client = fixture.open();

    @Test
    void info_always_isTheDescription() {
        assertEquals(EngineFixture.DESCRIPTION, client.call(new Request.Info()));
    }

    @Test
    void ping_always_isDone() {
        assertEquals(new Reply.Done(), client.call(new Request.Ping()));
    }

    @Test
    void stats_always_tellsTheCounters() {
        client.lock(0);
        Reply.Statistics stats = assertInstanceOf(Reply.Statistics.class, client.call(new Request.Stats()));
        assertEquals(fixture.engine.counters(), stats.values());
        assertEquals(1, stats.values().get("sessions"));
        assertEquals(1, stats.values().get("locks-held"));
    }

    @Test
    void hello_second_isRefused() {
        Request hello = new Request.Hello(SessionId.NONE, Incarnation.NONE, 0, "", "");
        assertFailed(Status.BAD_FRAME, 2, 1, client.call(hello));
    }

    @Test
    void read_withoutCopy_bringsTheRanges() {
        client.call(write(3, 0, 0x04030201));
        Ranges ranges = Ranges.of(List.of(new PageRange(2, 2), new PageRange(0, 1)));
        Reply.Data data = assertInstanceOf(Reply.Data.class, client.call(new Request.Read(3, 0, ranges)));
        assertEquals(2, data.version());
        assertEquals(ByteBuffer.wrap(new byte[] {3, 4, 1}), data.data());
    }

    @Test
    void read_currentCopy_isNotModified() {
        client.call(write(3, 0, 1));
        assertEquals(new Reply.NotModified(2), client.call(new Request.Read(3, 2, Ranges.of(0, 4))));
        assertEquals(
                2,
                assertInstanceOf(Reply.Data.class, client.call(new Request.Read(3, 1, Ranges.of(0, 4))))
                        .version());
    }

    @Test
    void readMany_someCopiesCurrent_bringsTheOthers() {
        client.call(write(1, 0, 5));
        Reply.DataMany many = assertInstanceOf(
                Reply.DataMany.class,
                client.call(new Request.ReadMany(
                        true,
                        List.of(
                                new Request.ReadMany.Entry(0, 1, 0, 4),
                                new Request.ReadMany.Entry(1, 1, 0, 4),
                                new Request.ReadMany.Entry(2, 0, 0, 0)))));
        assertEquals(
                List.of(
                        new Reply.DataMany.Entry(1, null),
                        new Reply.DataMany.Entry(2, number(5)),
                        new Reply.DataMany.Entry(1, ByteBuffer.allocate(0))),
                many.entries());
    }

    @Test
    void write_freePage_isOneVersionForAllItsRanges() {
        Ranges ranges = Ranges.of(List.of(new PageRange(60, 4), new PageRange(0, 2)));
        ByteBuffer data = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6});
        assertEquals(new Reply.Written(2), client.call(new Request.Write(4, 0, 0, 0, false, ranges, data)));
        Reply.Data read = assertInstanceOf(Reply.Data.class, client.call(new Request.Read(4, 0, ranges)));
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6}), read.data());
        assertEquals(new Reply.Written(3), client.call(write(4, 0, 9)));
    }

    @Test
    void write_ifVersionCurrent_isDone() {
        client.call(write(0, 0, 1));
        Request.Write conditional = new Request.Write(0, 2, 0, 0, false, Ranges.of(0, 4), number(2));
        assertEquals(new Reply.Written(3), client.call(conditional));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, -1, Long.MAX_VALUE})
    void write_ifVersionOther_changesNothingAndTellsTheCurrent(long ifVersion) {
        client.call(write(0, 0, 1));
        Request.Write bare = new Request.Write(0, ifVersion, 0, 0, false, Ranges.of(0, 4), number(2));
        assertEquals(new Reply.ConditionFailed(2, null), client.call(bare));
        Request.Write withPage = new Request.Write(0, ifVersion, 0, 0, true, Ranges.of(0, 4), number(2));
        ByteBuffer page =
                ByteBuffer.allocate(PAGE_LENGTH).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 1);
        assertEquals(new Reply.ConditionFailed(2, page), client.call(withPage));
        assertEquals(1, fixture.value(0));
    }

    @Test
    void write_withTheToken_isDoneUnderTheLock() {
        long token = client.lock(0);
        assertEquals(new Reply.Written(2), client.call(writeWith(token, 0, 5)));
        assertEquals(5, fixture.value(0));
        assertEquals(token, client.token(0), "still held");
    }

    @Test
    void write_withAnotherToken_isFenced() {
        assertFailed(Status.FENCED, 9, 0, client.call(writeWith(9, 0, 5)));
        long token = client.lock(0);
        assertFailed(Status.FENCED, token + 1, token, client.call(writeWith(token + 1, 0, 5)));
        assertFailed(Status.FENCED, token, token, fixture.open().call(writeWith(token, 0, 5)));
        assertFailed(Status.FENCED, token, 0, client.call(writeWith(token, 1, 5)));
        assertEquals(1, fixture.pages.version(0));
    }

    @Test
    void lateWrite_afterTheLockWentOn_isFenced() {
        long token = client.lock(0);
        EngineClient next = fixture.open();
        next.waits(lock(0, 1000));
        client.unlock(0);
        assertFailed(Status.FENCED, token, next.token(0), client.call(writeWith(token, 0, 5)));
        assertFailed(Status.FENCED, token, next.token(0), client.call(unlock(0, token, 5)));
        assertEquals(0, fixture.value(0));
    }

    @Test
    void lock_freePage_isGrantedUnderRisingTokens() {
        long last = 0;
        for (int page = 0; page < PAGES; page++) {
            long token = client.lock(page);
            assertEquals(last + 1, token);
            last = token;
        }
        client.unlock(3);
        assertEquals(last + 1, client.lock(3), "a token is never given twice");
    }

    @Test
    void lock_withData_bringsThePageUnlessTheCopyIsCurrent() {
        client.call(write(2, 0, 7));
        Reply.Granted full = assertInstanceOf(Reply.Granted.class, client.call(new Request.Lock(2, 1, 0, true, 1)));
        assertEquals(Reply.Granted.Content.FULL, full.content());
        assertEquals(PAGE_LENGTH, full.data().remaining());
        assertEquals(7, full.data().order(ByteOrder.LITTLE_ENDIAN).getInt(0));
        client.unlock(2);
        Reply.Granted same = assertInstanceOf(Reply.Granted.class, client.call(new Request.Lock(2, 1, 0, true, 2)));
        assertEquals(Reply.Granted.Content.NOT_MODIFIED, same.content());
        assertEquals(0, same.data().remaining());
        client.unlock(2);
        Reply.Granted bare = assertInstanceOf(Reply.Granted.class, client.call(lock(2, 0)));
        assertEquals(Reply.Granted.Content.NONE, bare.content());
        assertEquals(2, bare.version());
    }

    @Test
    void lock_bySameHandle_isAlreadyLocked() {
        client.call(new Request.Lock(0, 42, 0, false, 0));
        assertFailed(Status.ALREADY_LOCKED, 42, 0, client.call(new Request.Lock(0, 42, 1000, false, 0)));
        assertFailed(Status.LOCKED, 1, 0, client.call(new Request.Lock(0, 43, 0, false, 0)));
        assertFailed(Status.LOCKED, 1, 0, fixture.open().call(new Request.Lock(0, 42, 0, false, 0)));
    }

    @Test
    void unlock_withData_changesThePageAtThatInstant() {
        long token = client.lock(0);
        assertEquals(0, fixture.value(0));
        assertEquals(new Reply.Written(2), client.call(unlock(0, token, 6)));
        assertEquals(6, fixture.value(0));
        assertEquals(0, fixture.counter("locks-held"));
    }

    @Test
    void unlock_withoutData_leavesThePage() {
        long token = client.lock(0);
        assertEquals(new Reply.Written(1), client.call(unlock(0, token)));
        assertFailed(Status.FENCED, token, 0, client.call(unlock(0, token)));
    }

    @Test
    void unlock_badRange_keepsTheLock() {
        long token = client.lock(0);
        Request.Unlock bad = new Request.Unlock(0, token, Ranges.of(PAGE_LENGTH, 1), ByteBuffer.allocate(1));
        assertFailed(Status.BAD_RANGE, PAGE_LENGTH + 1, PAGE_LENGTH, client.call(bad));
        assertEquals(token, client.token(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {PAGES, PAGES + 1, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void anyOperation_pageOutOfRange_isRefused(long page) {
        for (Request request : List.of(
                new Request.Read(page, 0, Ranges.of(0, 1)),
                new Request.Read(page, 1, Ranges.NONE),
                new Request.ReadMany(false, List.of(new Request.ReadMany.Entry(page, 0, 0, 0))),
                write(page, 0, 1),
                writeWith(1, page, 1),
                lock(page, 1000),
                unlock(page, 1))) {
            assertFailed(Status.NO_SUCH_PAGE, page, PAGES, client.call(request));
        }
    }

    @ParameterizedTest
    @CsvSource({"64, 1, 65", "0, 65, 65", "1, 64, 65", "0, 0, 0", "64, 0, 64", "-1, 1, 4294967296", "0, -1, 4294967295"
    })
    void anyOperation_rangeOutOfPage_isRefused(int offset, int length, long end) {
        Ranges ranges = Ranges.of(offset, length);
        for (Request request : List.of(
                new Request.Read(0, 0, ranges),
                new Request.Write(0, 0, 0, 0, false, ranges, ByteBuffer.allocate(0)),
                new Request.Unlock(0, 1, ranges, ByteBuffer.allocate(0)))) {
            assertFailed(Status.BAD_RANGE, end, PAGE_LENGTH, client.call(request));
        }
        assertEquals(1, fixture.pages.version(0));
    }

    @Test
    void request_slotBeyondTheLimit_isRefused() {
        long slots = fixture.limits.slots();
        assertFailed(Status.TOO_LARGE, slots, slots - 1, client.call(1L << 16 | slots, lock(0, 0)));
        assertEquals(0, fixture.counter("locks-held"));
    }

    @Test
    void request_sequence0_isRefused() {
        assertFailed(Status.BAD_FRAME, 0, 1, client.call(5, lock(0, 0)));
        assertEquals(0, fixture.counter("locks-held"));
    }

    @Test
    void recordedOperations_areThoseWithEffectsOrWaits() {
        assertEquals(
                List.of(
                        Opcode.WRITE,
                        Opcode.ATOMIC,
                        Opcode.TRANSACT,
                        Opcode.LOCK,
                        Opcode.UNLOCK,
                        Opcode.LOCK_MANY,
                        Opcode.AWAIT_NEWER),
                List.of(Opcode.values()).stream().filter(Opcode::isRecorded).toList());
    }
}
