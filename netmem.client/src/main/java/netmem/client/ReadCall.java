package netmem.client;

import java.nio.ByteBuffer;
import java.util.Arrays;
import netmem.api.Outcome;
import netmem.api.PageRange;
import netmem.api.Versioned;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/** Reads a page, a range of it, or its version alone, through the cache. Shared as {@link Call}. */
final class ReadCall extends Call<Versioned> {
    private enum Part {
        WHOLE,
        RANGE,
        VERSION
    }

    private final PageCache cache;
    private final long page;
    private final Part part;
    private final @Nullable PageRange range;
    private @Nullable Versioned held;

    private ReadCall(Deadline deadline, PageCache cache, long page, Part part, @Nullable PageRange range) {
        super(deadline);
        this.cache = cache;
        this.page = page;
        this.part = part;
        this.range = range;
    }

    static ReadCall whole(Deadline deadline, PageCache cache, long page) {
        return new ReadCall(deadline, cache, page, Part.WHOLE, null);
    }

    static ReadCall range(Deadline deadline, PageCache cache, long page, PageRange range) {
        return new ReadCall(deadline, cache, page, Part.RANGE, range);
    }

    static ReadCall version(Deadline deadline, PageCache cache, long page) {
        return new ReadCall(deadline, cache, page, Part.VERSION, null);
    }

    @Override
    String what() {
        return part == Part.VERSION ? "version of page " + page : "read page " + page;
    }

    @Override
    Opcode opcode() {
        return Opcode.READ;
    }

    @Override
    Request request(Session into, long nowNanos) {
        held = part == Part.VERSION ? null : cache.lookup(into.incarnation(), page);
        Ranges ranges = switch (part) {
            case WHOLE -> into.whole();
            case VERSION -> Ranges.NONE;
            case RANGE -> range == null ? Ranges.NONE : Ranges.of(range.offset(), range.length());
        };
        return new Request.Read(page, held == null ? 0 : held.version(), ranges);
    }

    @Override
    void answered(Session from, Reply reply) {
        switch (reply) {
            case Reply.Data data -> full(from, data);
            case Reply.NotModified same -> unchanged(same);
            default -> unexpected(reply);
        }
    }

    private void full(Session from, Reply.Data data) {
        int expected = switch (part) {
            case WHOLE -> from.pageLengthBytes();
            case VERSION -> 0;
            case RANGE -> range == null ? 0 : range.length();
        };
        ByteBuffer bytes = data.data();
        if (bytes.remaining() != expected) {
            fail(wrongLength(bytes.remaining(), expected));
            return;
        }
        Versioned copy = copy(from, page, data.version(), bytes);
        if (part == Part.WHOLE) {
            cache.install(copy);
        }
        succeed(copy);
    }

    private void unchanged(Reply.NotModified same) {
        Versioned copy = held;
        if (copy == null || copy.version() != same.version()) {
            long version = copy == null ? 0 : copy.version();
            fail(Failure.unexpected(
                    Outcome.NO_EFFECT, "version not modified: " + same.version() + " (expected: " + version + ")"));
        } else if (range == null) {
            succeed(copy);
        } else if (range.end() > copy.length()) {
            fail(wrongLength(copy.length(), range.end()));
        } else {
            succeed(slice(copy, range));
        }
    }

    static Versioned copy(Session from, long page, long version, ByteBuffer source) {
        byte[] bytes = new byte[source.remaining()];
        source.get(source.position(), bytes);
        return Versioned.owning(from.incarnation(), page, version, bytes);
    }

    private static Versioned slice(Versioned whole, PageRange range) {
        byte[] bytes = new byte[range.length()];
        whole.buffer().get(range.offset(), bytes);
        return Versioned.owning(whole.incarnation(), whole.page(), whole.version(), bytes);
    }

    static Failure wrongLength(int actual, int expected) {
        return Failure.unexpected(Outcome.NO_EFFECT, "bytes: " + actual + " (expected: " + expected + ")");
    }

    @Override
    public String toString() {
        return what() + " " + Arrays.asList(part, range);
    }
}
