package netmem.client;

import java.nio.ByteBuffer;
import netmem.api.Incarnation;
import netmem.api.Versioned;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/** Changes ranges of a page, whatever its version or only at one. Shared as {@link Call}. */
final class WriteCall extends Call<WriteCall.Answer> {
    /** What became of a write. */
    sealed interface Answer {
        /**
         * It is done.
         *
         * @param incarnation of the memory that it changed
         * @param version the page's new version
         */
        record Done(Incarnation incarnation, long version) implements Answer {}

        /**
         * The page has another version.
         *
         * @param current the page, or null when the server did not repeat it
         */
        record Stale(@Nullable Versioned current) implements Answer {}
    }

    private final PageCache cache;
    private final long page;
    private final @Nullable Versioned base;
    private final Ranges ranges;
    private final ByteBuffer data;

    /** A write over whatever is there, or only where the page is still as in the base. */
    WriteCall(Deadline deadline, PageCache cache, long page, @Nullable Versioned base, Ranges ranges, ByteBuffer data) {
        super(deadline);
        this.cache = cache;
        this.page = page;
        this.base = base;
        this.ranges = ranges;
        this.data = data;
    }

    @Override
    String what() {
        return "write page " + page;
    }

    @Override
    Opcode opcode() {
        return Opcode.WRITE;
    }

    @Override
    @Nullable
    Failure misfit(Session into) {
        return Failure.otherMemory(base == null ? null : base.incarnation(), into);
    }

    @Override
    Request request(Session into, long nowNanos) {
        int waitMillis = deadline().leftMillis(nowNanos);
        long ifVersion = base == null ? 0 : base.version();
        return new Request.Write(page, ifVersion, 0, waitMillis, base != null, ranges, data);
    }

    @Override
    void answered(Session from, Reply reply) {
        switch (reply) {
            case Reply.Written written -> succeed(new Answer.Done(from.incarnation(), written.version()));
            case Reply.ConditionFailed failed -> stale(from, failed);
            default -> unexpected(reply);
        }
    }

    private void stale(Session from, Reply.ConditionFailed failed) {
        ByteBuffer bytes = failed.current();
        if (bytes == null) {
            succeed(new Answer.Stale(null));
        } else if (bytes.remaining() != from.pageLengthBytes()) {
            fail(ReadCall.wrongLength(bytes.remaining(), from.pageLengthBytes()));
        } else {
            Versioned current = ReadCall.copy(from, page, failed.version(), bytes);
            cache.install(current);
            succeed(new Answer.Stale(current));
        }
    }
}
