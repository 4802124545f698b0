package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import netmem.api.PageRange;
import netmem.api.Status;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads beside the engine: refusals, validation, and snapshots while a writer runs, with a control that shows what a snapshot is for. */
@Timeout(60)
final class PageReadsTest {
    private static final int PAGE_LENGTH = 64;
    private static final int REPLY_BYTES_MAX = 500;
    private static final long A = 0;
    private static final long B = 1;
    private static final int READS = 20_000;
    private static final long CONTROL_NANOS = 20_000_000_000L;

    private final PageMemory pages = memory();
    private final AtomicBoolean stop = new AtomicBoolean();
    private @Nullable Thread writer;
    private final PageReads reads = new PageReads(pages, REPLY_BYTES_MAX);

    private static PageMemory memory() {
        try {
            return PageMemory.anonymous(4, PAGE_LENGTH, 1, 2);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        stopWriter();
        pages.close();
    }

    private void write(long page, long value, long version) {
        pages.beginWrite(page);
        pages.write(page, 0, ByteBuffer.allocate(8).putLong(value).flip());
        pages.endWrite(page, version);
    }

    private long read(long page, long versionHeld, Ranges ranges, ByteBuffer target) {
        Request.Read read = new Request.Read(page, versionHeld, ranges);
        assertNull(reads.refusal(read));
        return reads.read(read, target);
    }

    @Test
    void read_currentCopy_copiesNothing() {
        write(A, 5, 2);
        ByteBuffer target = ByteBuffer.allocate(PAGE_LENGTH);
        assertEquals(PageReads.NOT_MODIFIED, read(A, 2, Ranges.of(0, 8), target));
        assertEquals(0, target.position());
        assertEquals(2, read(A, 1, Ranges.of(0, 8), target));
        assertEquals(5, target.flip().getLong());
    }

    @Test
    void read_severalRanges_areOneAfterTheOther() {
        write(A, 0x0102030405060708L, 2);
        ByteBuffer target = ByteBuffer.allocate(PAGE_LENGTH);
        Ranges ranges = Ranges.of(List.of(new PageRange(6, 2), new PageRange(0, 1), new PageRange(63, 1)));
        assertEquals(2, read(A, 0, ranges, target));
        assertEquals(ByteBuffer.wrap(new byte[] {7, 8, 1, 0}), target.flip());
    }

    @Test
    void read_noRanges_tellsTheVersion() {
        write(A, 5, 9);
        assertEquals(9, read(A, 0, Ranges.NONE, ByteBuffer.allocate(0)));
    }

    @Test
    void read_pageBeingWritten_isContended() {
        pages.beginWrite(A);
        ByteBuffer target = ByteBuffer.allocate(PAGE_LENGTH);
        assertEquals(PageReads.CONTENDED, read(A, 0, Ranges.of(0, 8), target));
        assertEquals(PageReads.CONTENDED, read(A, 1, Ranges.of(0, 8), target), "not current either");
        Ranges two = Ranges.of(List.of(new PageRange(0, 1), new PageRange(8, 1)));
        assertEquals(PageReads.CONTENDED, read(A, 0, two, target));
        assertEquals(0, target.position());
        assertNull(reads.read(many(true, 0)));
        assertNull(reads.read(many(false, 0)));
        pages.endWrite(A, 2);
    }

    @Test
    void refusal_replyLength_isJudgedBeforeAnythingIsRead() {
        Ranges most = Ranges.of(Collections.nCopies(7, new PageRange(0, 64)));
        assertNull(reads.refusal(new Request.Read(A, 0, most)));
        Ranges more = Ranges.of(Collections.nCopies(8, new PageRange(0, 64)));
        Reply.Failed refused = reads.refusal(new Request.Read(A, 0, more));
        assertNotNull(refused);
        assertEquals(Status.TOO_LARGE, refused.status());
        assertEquals(16 + 8 + 8 * 64, refused.actual());
        assertEquals(REPLY_BYTES_MAX, refused.expected());
    }

    @Test
    void refusal_entryOfMany_namesTheFirstBadOne() {
        Request.ReadMany.Entry good = new Request.ReadMany.Entry(A, 0, 0, 8);
        Reply.Failed page =
                reads.refusal(new Request.ReadMany(true, List.of(good, new Request.ReadMany.Entry(4, 0, 0, 8))));
        assertEquals(
                Status.NO_SUCH_PAGE, assertInstanceOf(Reply.Failed.class, page).status());
        Reply.Failed range =
                reads.refusal(new Request.ReadMany(true, List.of(good, new Request.ReadMany.Entry(A, 0, 5, 0))));
        assertEquals(
                Status.BAD_RANGE, assertInstanceOf(Reply.Failed.class, range).status());
    }

    private static Request.ReadMany many(boolean snapshot, long versionHeld) {
        return new Request.ReadMany(
                snapshot,
                List.of(
                        new Request.ReadMany.Entry(A, versionHeld, 0, 8),
                        new Request.ReadMany.Entry(B, versionHeld, 0, 8)));
    }

    /** Writes n to A and then n to B, for n = 1, 2, ...: A is at B's number or one ahead, at any instant. */
    private void startWriter() {
        writer = Thread.ofPlatform().start(() -> {
            for (long n = 1; !stop.get(); n++) {
                write(A, n, n + 1);
                write(B, n, n + 1);
            }
        });
    }

    private void stopWriter() throws InterruptedException {
        stop.set(true);
        if (writer != null) {
            writer.join();
        }
    }

    private static long value(Reply.DataMany.Entry entry) {
        ByteBuffer data = entry.data();
        return data == null
                ? entry.version() - 1
                : data.order(ByteOrder.BIG_ENDIAN).getLong(0);
    }

    @Test
    void snapshot_underAWriter_showsOnlyStatesThatWere() throws InterruptedException {
        int shown = 0;
        long newest = 0;
        startWriter();
        for (int i = 0; i < READS; i++) {
            Reply.DataMany snapshot = reads.read(many(true, i % 2 == 0 ? 0 : newest + 1));
            if (snapshot != null) {
                long a = value(snapshot.entries().get(0));
                long b = value(snapshot.entries().get(1));
                assertTrue(a == b || a == b + 1, "A: " + a + ", B: " + b + " (expected: the same, or A one ahead)");
                assertTrue(b >= newest - 1, "B: " + b + " (expected: not before " + (newest - 1) + ")");
                assertEquals(a + 1, snapshot.entries().get(0).version());
                assertEquals(b + 1, snapshot.entries().get(1).version());
                newest = a;
                shown++;
            }
        }
        stopWriter();
        assertTrue(shown > 0, "at least one of " + READS + " was stable");
        System.out.println(
                "PageReadsTest: " + shown + " of " + READS + " snapshots were stable under " + newest + " writes");
    }

    /** The control: the same without the check that makes a snapshot; it must be caught, or the test above shows nothing. */
    @Test
    void readMany_notASnapshotUnderAWriter_showsStatesThatNeverWere() throws InterruptedException {
        boolean caught = false;
        startWriter();
        long start = System.nanoTime();
        while (!caught && System.nanoTime() - start < CONTROL_NANOS) {
            Reply.DataMany loose = reads.read(many(false, 0));
            if (loose != null) {
                long a = value(loose.entries().get(0));
                long b = value(loose.entries().get(1));
                caught = a != b && a != b + 1;
            }
        }
        stopWriter();
        assertTrue(caught, "the control was not caught within " + CONTROL_NANOS + " ns");
    }
}
