package netmem.server.engine;

import java.nio.ByteBuffer;
import netmem.api.wire.Opcode;
import netmem.api.wire.PlainWrite;
import netmem.server.config.ServerLimits;
import netmem.server.memory.PageMemory;

/**
 * Runs the writes that most are, in place and without making an object: a fresh request for one range of a page that has the version asked for and was written before, and that nobody has locked,
 * awaits or watches. So nothing waits for it, and nobody is to be told. Whatever else a write may be, it is left as it is. Confined to the engine's monitor.
 */
final class PlainWrites {
    private final PageMemory pages;
    private final ServerLimits limits;
    private final OutcomeBudget outcomes;
    private final Lines lines;
    private final Watches watches;

    PlainWrites(PageMemory pages, ServerLimits limits, OutcomeBudget outcomes, Lines lines, Watches watches) {
        this.pages = pages;
        this.limits = limits;
        this.outcomes = outcomes;
        this.lines = lines;
        this.watches = watches;
    }

    /** The page's new version, or {@link Engine#NOT_PLAIN} with nothing done. */
    long run(Session session, long requestId, ByteBuffer write, long nowNanos) {
        if (outcomes.isSpent() || !session.outcomes.isClearlyFresh(requestId, limits.slots())) {
            return Engine.NOT_PLAIN;
        }
        try {
            if (!isPlain(write)) {
                return Engine.NOT_PLAIN;
            }
            long version = apply(write);
            session.heard(nowNanos);
            session.outcomes.begin(requestId);
            session.outcomes.written(requestId, version);
            return version;
        } catch (RuntimeException | Error e) {
            session.outcomes.begin(requestId);
            session.outcomes.failed(requestId, Opcode.WRITE);
            throw e;
        }
    }

    /** The first write of a page may find no memory, so it is not plain. */
    private boolean isPlain(ByteBuffer write) {
        long page = PlainWrite.page(write);
        if (!PageChange.isWithin(pages, page, PlainWrite.offset(write), PlainWrite.length(write))) {
            return false;
        }
        long current = pages.version(page);
        long required = PlainWrite.ifVersion(write);
        return current != PageMemory.VERSION_FIRST
                && (required == 0 || required == current)
                && lines.isFree(page)
                && !watches.areOf(page);
    }

    private long apply(ByteBuffer write) {
        long page = PlainWrite.page(write);
        int offset = PlainWrite.offset(write);
        long next = pages.version(page) + 1;
        PageChange.apply(pages, page, offset, PlainWrite.data(write), next);
        return next;
    }
}
