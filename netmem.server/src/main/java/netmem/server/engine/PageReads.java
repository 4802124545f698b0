package netmem.server.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.PlainRead;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import netmem.api.wire.Request;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;

/**
 * Reads of pages beside the engine: they copy under the sequence lock on any thread while writes go on, and never wait for lock holders. Shared.
 *
 * <p>A read is linearizable without the monitor: the bytes were those of one committed version at the instant of the check that follows the copy, which lies
 * between the request's arrival and its reply. Where writers keep it from a stable copy for a bounded number of tries, the caller repeats it in the engine, under the monitor.
 */
public final class PageReads {
    /** What {@link #read} returns when the copy that the client holds is current. */
    public static final long NOT_MODIFIED = -1;

    /** What {@link #read} returns when writers kept it from a stable copy. */
    public static final long CONTENDED = PageMemory.CONTENDED;

    private static final int TRIES_MAX = 16;

    private final PageMemory pages;
    private final int replyBytesMax;

    /**
     * Reads these pages.
     *
     * @param replyBytesMax longest reply frame
     */
    public PageReads(PageMemory pages, int replyBytesMax) {
        this.pages = pages;
        this.replyBytesMax = replyBytesMax;
    }

    /** Whether a {@link PlainRead} can be served; what is wrong with it otherwise, the {@linkplain #refusal refusal} of the decoded request says. */
    public boolean canServe(ByteBuffer plain) {
        int length = PlainRead.length(plain);
        return PageChange.isWithin(pages, PlainRead.page(plain), PlainRead.offset(plain), length)
                && (length > 0 || PlainRead.isOfVersion(plain))
                && ReplyCodec.VERSION_BYTES + (long) length <= replyBytesMax;
    }

    /**
     * Copies what a {@link PlainRead} that {@linkplain #canServe can be served} asks for to the target.
     *
     * @return the version of all the bytes, or {@link #NOT_MODIFIED} or {@link #CONTENDED} with nothing copied
     */
    public long read(ByteBuffer plain, ByteBuffer target) {
        long page = PlainRead.page(plain);
        long held = PlainRead.versionHeld(plain);
        return held != 0 && pages.isCurrent(page, held)
                ? NOT_MODIFIED
                : pages.read(page, PlainRead.offset(plain), PlainRead.length(plain), target);
    }

    /** Says what is wrong with the request; null when it can be served. */
    public Reply.@Nullable Failed refusal(Request.Read read) {
        Reply.Failed wrong = PageChange.refusal(pages, read.page(), read.ranges());
        return wrong != null
                ? wrong
                : tooLarge(FrameHeader.BYTES + 8 + read.ranges().totalBytes());
    }

    private Reply.@Nullable Failed tooLarge(long replyBytes) {
        return replyBytes <= replyBytesMax
                ? null
                : new Reply.Failed(
                        Status.TOO_LARGE,
                        replyBytes,
                        replyBytesMax,
                        "reply: " + replyBytes + " bytes (expected: <= " + replyBytesMax + ")");
    }

    /**
     * Copies the ranges of a request that is not {@linkplain #refusal refused} to the target.
     *
     * @return the version of all the bytes, or {@link #NOT_MODIFIED} or {@link #CONTENDED} with nothing copied
     */
    public long read(Request.Read read, ByteBuffer target) {
        long page = read.page();
        long held = read.versionHeld();
        Ranges ranges = read.ranges();
        if (held != 0 && pages.isCurrent(page, held)) {
            return NOT_MODIFIED;
        }
        if (ranges.count() == 1) {
            return pages.read(page, ranges.offset(0), ranges.length(0), target);
        }
        int start = target.position();
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            long version = pages.version(page);
            if (copyAt(version, page, ranges, target)) {
                return version;
            }
            target.position(start);
        }
        return CONTENDED;
    }

    /** The same under the monitor, where it cannot be contended. */
    public long readAlone(Request.Read read, ByteBuffer target) {
        long version = read(read, target);
        if (version == CONTENDED) {
            throw new IllegalStateException("page " + read.page() + " has a write that could not be ended");
        }
        return version;
    }

    private boolean copyAt(long version, long page, Ranges ranges, ByteBuffer target) {
        for (int i = 0; i < ranges.count(); i++) {
            if (pages.read(page, ranges.offset(i), ranges.length(i), target) != version) {
                return false;
            }
        }
        return pages.isCurrent(page, version);
    }

    /** Says what is wrong with the request; null when it can be served. */
    public Reply.@Nullable Failed refusal(Request.ReadMany many) {
        long bytes = FrameHeader.BYTES + 4L;
        for (Request.ReadMany.Entry entry : many.entries()) {
            Ranges ranges = entry.length() == 0 && entry.offset() == 0
                    ? Ranges.NONE
                    : Ranges.of(entry.offset(), entry.length());
            Reply.Failed wrong = PageChange.refusal(pages, entry.page(), ranges);
            if (wrong != null) {
                return wrong;
            }
            bytes += 16L + entry.length();
        }
        return tooLarge(bytes);
    }

    /**
     * Reads a request that is not {@linkplain #refusal refused}.
     *
     * @return the reply; null when writers kept it from a stable copy
     */
    public Reply.@Nullable DataMany read(Request.ReadMany many) {
        List<Reply.DataMany.Entry> read = new ArrayList<>(many.entries().size());
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            if (tryRead(many, read) && (!many.snapshot() || areCurrent(many, read))) {
                return new Reply.DataMany(read);
            }
        }
        return null;
    }

    /**
     * Reads what was not read yet, and again what has changed since it was read, so that each try has less to do than
     * the one before; false when writers kept it from a stable copy of some page.
     */
    private boolean tryRead(Request.ReadMany many, List<Reply.DataMany.Entry> read) {
        for (int i = 0; i < many.entries().size(); i++) {
            Request.ReadMany.Entry entry = many.entries().get(i);
            if (i < read.size() && pages.isCurrent(entry.page(), read.get(i).version())) {
                continue;
            }
            Reply.DataMany.Entry fresh = read(entry);
            if (fresh == null) {
                return false;
            }
            if (i < read.size()) {
                read.set(i, fresh);
            } else {
                read.add(fresh);
            }
        }
        return true;
    }

    private Reply.DataMany.@Nullable Entry read(Request.ReadMany.Entry entry) {
        if (entry.versionHeld() != 0 && pages.isCurrent(entry.page(), entry.versionHeld())) {
            return new Reply.DataMany.Entry(entry.versionHeld(), null);
        }
        ByteBuffer data = ByteBuffer.allocate(entry.length()).order(ByteOrder.LITTLE_ENDIAN);
        long version = pages.read(entry.page(), entry.offset(), entry.length(), data);
        return version == PageMemory.CONTENDED ? null : new Reply.DataMany.Entry(version, data.flip());
    }

    /** All pages had their versions together at the instant between the last copy and the first of these checks. */
    private boolean areCurrent(Request.ReadMany many, List<Reply.DataMany.Entry> read) {
        for (int i = 0; i < read.size(); i++) {
            if (!pages.isCurrent(many.entries().get(i).page(), read.get(i).version())) {
                return false;
            }
        }
        return true;
    }
}
