package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import netmem.api.Incarnation;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.api.wire.Step;
import netmem.server.config.ServerLimits;
import netmem.server.memory.PageMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two pages that are always changed by one transaction, seen by readers beside the monitor while a writer changes them as fast as it can: a snapshot never shows
 * them apart, nor do two reads one after the other show one new and then one old. The control, a READ_MANY without SNAPSHOT, must show them apart.
 */
@Timeout(120)
final class TransactionVisibilityTest {
    private static final int PAGE_LENGTH = 4096;
    private static final int SAMPLES = Integer.getInteger("netmem.transaction.samples", 100_000);
    private static final int CHANGES = 1_000;
    private static final int CONTROL_SAMPLES_MAX = 20_000_000;

    private final PageMemory pages = memory();
    private final PageReads reads = new PageReads(pages, 1 << 20);
    private final AtomicBoolean enough = new AtomicBoolean();
    private final CompletableFuture<Long> writer = new CompletableFuture<>();

    private static PageMemory memory() {
        try {
            return PageMemory.anonymous(4, PAGE_LENGTH, 1, 2);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        pages.close();
    }

    private void startWriter() {
        Thread.ofPlatform().name("writer").start(() -> {
            try {
                writer.complete(writeUntilEnough());
            } catch (RuntimeException | Error e) {
                writer.completeExceptionally(e);
            }
        });
    }

    /** Both pages are filled with the number of the transaction; returns how many there were. */
    private long writeUntilEnough() {
        Reply.Description description = new Reply.Description("test", Map.of());
        Engine engine = new Engine(pages, ServerLimits.DEFAULTS, new Incarnation(1, 2), description);
        Request.Hello hello = new Request.Hello(SessionId.NONE, Incarnation.NONE, 0, "writer", "");
        Session session = engine.greet(1, hello, new SessionId(3, 4), 0).session();
        long count = 0;
        while (!enough.get() && session != null) {
            count++;
            Request transact = new Request.Transact(0, false, List.of(filled(1, count), filled(2, count)));
            Answer answer = engine.execute(session, 1, FrameHeader.requestId(0, count), transact, 0);
            assertEquals(
                    new Answer.Now(new Reply.Committed(
                            List.of(
                                    new Reply.Committed.Version(1, count + 1),
                                    new Reply.Committed.Version(2, count + 1)),
                            List.of())),
                    answer);
        }
        return count;
    }

    private static Step filled(long page, long number) {
        ByteBuffer bytes = ByteBuffer.allocate(PAGE_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putLong(number);
        }
        return new Step.Write(page, 0, bytes.flip());
    }

    private void stopWriter() {
        enough.set(true);
        writer.join();
    }

    /** Whether there are samples enough, among them enough that show another transaction than the sample before. */
    private boolean isEnough(int samples, long changes) {
        return writer.isDone() || (samples >= SAMPLES && changes >= CHANGES);
    }

    private Reply.DataMany readMany(boolean snapshot) {
        Request.ReadMany.Entry first = new Request.ReadMany.Entry(1, 0, 0, PAGE_LENGTH);
        Request.ReadMany.Entry second = new Request.ReadMany.Entry(2, 0, 0, PAGE_LENGTH);
        Request.ReadMany many = new Request.ReadMany(snapshot, List.of(first, second));
        Reply.DataMany reply = reads.read(many);
        while (reply == null) {
            Thread.onSpinWait();
            reply = reads.read(many);
        }
        return reply;
    }

    private static void assertWhole(long version, ByteBuffer data) {
        for (int at = 0; at < PAGE_LENGTH; at += Long.BYTES) {
            assertEquals(version - 1, data.getLong(at), "bytes of version " + version);
        }
    }

    @Test
    void snapshot_besideTransactions_showsBothPagesOrNeither() {
        startWriter();
        long changes = 0;
        long last = 0;
        for (int i = 0; !isEnough(i, changes); i++) {
            List<Reply.DataMany.Entry> both = readMany(true).entries();
            changes += both.get(0).version() == last ? 0 : 1;
            last = both.get(0).version();
            assertEquals(both.get(0).version(), both.get(1).version(), "versions of one instant");
            assertEquals(both.get(0).data(), both.get(1).data());
        }
        stopWriter();
    }

    @Test
    void readMany_withoutSnapshot_showsThemApart() {
        startWriter();
        boolean apart = false;
        for (int i = 0; i < CONTROL_SAMPLES_MAX && !apart; i++) {
            List<Reply.DataMany.Entry> both = readMany(false).entries();
            apart = both.get(0).version() != both.get(1).version();
        }
        stopWriter();
        assertTrue(apart, "the control must find what the snapshot excludes");
    }

    @Test
    void readsOneAfterTheOther_neverShowOneNewAndThenOneOld() {
        startWriter();
        ByteBuffer data = ByteBuffer.allocate(PAGE_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        long last = 0;
        long changes = 0;
        for (int i = 0; !isEnough(i, changes); i++) {
            int page = 1 + i % 2;
            long version = PageReads.CONTENDED;
            while (version == PageReads.CONTENDED) {
                version = reads.read(new Request.Read(page, 0, Ranges.of(0, PAGE_LENGTH)), data.clear());
            }
            assertTrue(version >= last, "page " + page + ": version " + version + " after " + last);
            assertWhole(version, data);
            changes += version == last ? 0 : 1;
            last = version;
        }
        stopWriter();
    }

    @Test
    void versionChecks_besideTransactions_neverGoBack() {
        startWriter();
        long last = 1;
        long changes = 0;
        for (int i = 0; !isEnough(i, changes); i++) {
            int page = 1 + i % 2;
            ByteBuffer none = ByteBuffer.allocate(8);
            long seen = reads.read(new Request.Read(page, last, Ranges.of(0, 8)), none);
            while (seen == PageReads.CONTENDED) {
                seen = reads.read(new Request.Read(page, last, Ranges.of(0, 8)), none.clear());
            }
            long version = seen == PageReads.NOT_MODIFIED ? last : seen;
            assertTrue(version >= last, "page " + page + ": version " + version + " after " + last);
            changes += version == last ? 0 : 1;
            last = version;
        }
        stopWriter();
    }
}
