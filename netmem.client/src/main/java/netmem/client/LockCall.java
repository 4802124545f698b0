package netmem.client;

import java.nio.ByteBuffer;
import java.util.Optional;
import netmem.api.Status;
import netmem.api.Versioned;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/** Takes a page's lock; empty when somebody else holds it. Shared as {@link Call}. */
final class LockCall extends Call<Optional<LockCall.Grant>> {
    /**
     * The lock is ours.
     *
     * @param session that holds it
     * @param token its fence
     * @param version of the page while it is held
     * @param copy the page, or null when it must be read
     */
    record Grant(
            Session session,
            long token,
            long version,
            @Nullable Versioned copy) {}

    private final PageCache cache;
    private final long page;
    private final long handle;
    private final boolean shared;
    private final Deadline wait;
    private @Nullable Versioned held;

    /** The wait, at the server, is from the call's start; the deadline is when the caller gives up. */
    LockCall(Deadline deadline, PageCache cache, long page, long handle, long waitNanos, boolean shared) {
        super(deadline);
        this.cache = cache;
        this.page = page;
        this.handle = handle;
        this.shared = shared;
        this.wait = new Deadline(deadline.startNanos(), waitNanos);
    }

    @Override
    String what() {
        return "lock page " + page;
    }

    @Override
    Opcode opcode() {
        return Opcode.LOCK;
    }

    /** A lock whose caller does not get it is given back: nothing happened. */
    @Override
    boolean mayChange() {
        return false;
    }

    long page() {
        return page;
    }

    @Override
    Request request(Session into, long nowNanos) {
        held = cache.lookup(into.incarnation(), page);
        return new Request.Lock(
                page, handle, wait.leftMillis(nowNanos), shared, true, held == null ? 0 : held.version());
    }

    @Override
    void answered(Session from, Reply reply) {
        if (reply instanceof Reply.Granted granted) {
            granted(from, granted);
        } else if (reply instanceof Reply.Failed failed
                && (failed.status() == Status.LOCKED || failed.status() == Status.TIMEOUT)) {
            succeed(Optional.empty());
        } else {
            unexpected(reply);
        }
    }

    /** The page; null where there is no memory for it. */
    private @Nullable Versioned copy(Session from, long version, ByteBuffer bytes) {
        try {
            Versioned copy = ReadCall.copy(from, page, version, bytes);
            cache.install(copy);
            return copy;
        } catch (VirtualMachineError e) {
            return null;
        }
    }

    /**
     * A grant whose bytes are missing or make no sense is a grant all the same: the page is read, and stands still
     * meanwhile.
     */
    private void granted(Session from, Reply.Granted granted) {
        ByteBuffer bytes = granted.data();
        Versioned copy = null;
        if (granted.content() == Reply.Granted.Content.NOT_MODIFIED) {
            copy = held != null && held.version() == granted.version() ? held : null;
        } else if (granted.content() == Reply.Granted.Content.FULL && bytes.remaining() == from.pageLengthBytes()) {
            copy = copy(from, granted.version(), bytes);
        }
        succeed(Optional.of(new Grant(from, granted.token(), granted.version(), copy)));
    }
}
