package netmem.server.memory;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A search for copies that are not of one version: one writer and one reader at full speed. Each word of a page tells
 * version, page and place, so that a copy is checked against the version that came with it. Confined to the thread that
 * reads; the writer has a thread of its own.
 */
final class TornReads {
    /** What a search saw: samples taken, those torn, those with another version than before, those given up. */
    record Findings(long samples, long torn, long changes, long contended) {}

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** A pause between two transactions, at most: about the time of a snapshot. */
    private static final int PAUSES_MAX = 100;

    private final PageMemory memory;
    private final long seed;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Random random;
    private final ByteBuffer target;
    private final long[] seen;
    private final long[] versions;
    private long samples;
    private long torn;
    private long changes;
    private long contended;

    TornReads(PageMemory memory, long seed) {
        this.memory = memory;
        this.seed = seed;
        this.random = new Random(seed);
        this.target = ByteBuffer.allocateDirect((int) memory.pageCount() * memory.pageLength());
        this.seen = new long[(int) memory.pageCount()];
        this.versions = new long[seen.length];
    }

    /** Ranges of single pages beside writes of single pages, until that many samples and changes, or torn ones. */
    Findings ofPages(long samplesMin, long changesMin, long tornMax) {
        return besideWriter(false, samplesMin, changesMin, tornMax);
    }

    /** Snapshots of all pages beside transactions that write all pages, until that many samples and changes, or torn
     * ones. */
    Findings ofSnapshots(long samplesMin, long changesMin, long tornMax) {
        return besideWriter(true, samplesMin, changesMin, tornMax);
    }

    private Findings besideWriter(boolean transactions, long samplesMin, long changesMin, long tornMax) {
        long version = PageMemory.VERSION_FIRST + 1;
        writeAll(version);
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(() -> writeOn(transactions, version), task -> new Thread(task).start());
        try {
            while ((samples < samplesMin || changes < changesMin) && torn < tornMax && !writer.isDone()) {
                if (transactions) {
                    sampleSnapshot();
                } else {
                    samplePage();
                }
            }
        } finally {
            over.set(true);
            writer.join();
        }
        return new Findings(samples, torn, changes, contended);
    }

    private void writeOn(boolean transactions, long version) {
        Random choices = new Random(~seed);
        long next = version;
        while (!over.get()) {
            next++;
            if (transactions) {
                writeAll(next);
                pause(choices.nextInt(PAUSES_MAX));
            } else {
                long page = choices.nextInt((int) memory.pageCount());
                memory.beginWrite(page);
                writeWords(page, next);
                memory.endWrite(page, next);
            }
        }
    }

    /** Leaves room for snapshots, which otherwise hardly ever meet all pages at rest. */
    private static void pause(int spins) {
        for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
        }
    }

    private void writeAll(long version) {
        for (long page = 0; page < memory.pageCount(); page++) {
            memory.beginWrite(page);
        }
        for (long page = 0; page < memory.pageCount(); page++) {
            writeWords(page, version);
        }
        for (long page = 0; page < memory.pageCount(); page++) {
            memory.endWrite(page, version);
        }
    }

    private void writeWords(long page, long version) {
        ByteBuffer words = ByteBuffer.allocate(memory.pageLength());
        while (words.hasRemaining()) {
            words.putLong(word(page, words.position(), version));
        }
        int half = memory.pageLength() / 2;
        memory.write(page, half, words.flip().position(half));
        memory.write(page, 0, words.flip().limit(half));
    }

    private static long word(long page, int offset, long version) {
        return version * GOLDEN + page * ArenaLayout.PAGE_LENGTH_MAX + offset;
    }

    private void samplePage() {
        int page = random.nextInt(seen.length);
        int offset = random.nextInt(memory.pageLength() / Long.BYTES) * Long.BYTES;
        int length = (1 + random.nextInt((memory.pageLength() - offset) / Long.BYTES)) * Long.BYTES;
        long version = memory.read(page, offset, length, target.clear());
        target.flip();
        samples++;
        if (version == PageMemory.CONTENDED) {
            contended++;
        } else if (version < seen[page] || !isWhole(page, offset, length, version)) {
            torn++;
        } else if (version != seen[page]) {
            changes++;
            seen[page] = version;
        }
    }

    private void sampleSnapshot() {
        samples++;
        target.clear();
        for (int page = 0; page < seen.length; page++) {
            versions[page] = memory.read(page, 0, memory.pageLength(), target);
        }
        for (int page = 0; page < seen.length; page++) {
            if (versions[page] == PageMemory.CONTENDED || !memory.isCurrent(page, versions[page])) {
                contended++;
                return;
            }
        }
        target.flip();
        for (int page = 0; page < seen.length; page++) {
            if (versions[page] != versions[0] || !isWhole(page, 0, memory.pageLength(), versions[0])) {
                torn++;
                return;
            }
        }
        if (versions[0] != seen[0]) {
            changes++;
            seen[0] = versions[0];
        }
    }

    /** Whether the next bytes of the target are a page's range at that version. */
    private boolean isWhole(int page, int offset, int length, long version) {
        for (int at = offset; at < offset + length; at += Long.BYTES) {
            if (target.getLong() != word(page, at, version)) {
                return false;
            }
        }
        return true;
    }
}
