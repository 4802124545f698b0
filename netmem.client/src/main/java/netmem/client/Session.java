package netmem.client;

import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Preface;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.SessionId;
import netmem.api.wire.WireLimits;

/**
 * One session as the server announced it; a resumed session stays the same object. Immutable but for its lease;
 * compared by identity.
 */
final class Session {
    private static final int PAGE_LENGTH_UNIT = 64;

    private final Reply.Welcome welcome;
    private final Lease lease;
    private final Ranges whole;

    private Session(Reply.Welcome welcome, long nowNanos) {
        this.welcome = welcome;
        this.lease = new Lease(leaseNanos(), nowNanos);
        this.whole = Ranges.of(0, welcome.pageLengthBytes());
    }

    /** Refuses what no server may announce. The greeting was sent at the given time. */
    static Session of(Reply.Welcome welcome, long greetedNanos) throws MalformedFrameException {
        int version = welcome.protocolVersion();
        if (version != Preface.VERSION) {
            throw MalformedFrameException.unknown(
                    Status.UNSUPPORTED_VERSION, "protocol version", version, Preface.VERSION);
        }
        atLeast("slots", welcome.slots(), WireLimits.SLOTS_MIN);
        atLeast("frame limit", welcome.frameBytesMax(), WireLimits.FRAME_BYTES_MIN);
        atLeast("pages", welcome.pageCount(), 1);
        atLeast("lease", welcome.leaseMillis(), 1);
        atLeast("page length", welcome.pageLengthBytes(), PAGE_LENGTH_UNIT);
        return new Session(welcome, greetedNanos);
    }

    private static void atLeast(String what, long actual, long min) throws MalformedFrameException {
        if (actual < min) {
            throw MalformedFrameException.of(what, actual, min, ">=");
        }
    }

    SessionId id() {
        return welcome.session();
    }

    Incarnation incarnation() {
        return welcome.incarnation();
    }

    long leaseNanos() {
        return TimeUnit.MILLISECONDS.toNanos(welcome.leaseMillis());
    }

    /** How long its locks are certainly held. */
    Lease lease() {
        return lease;
    }

    int slots() {
        return welcome.slots();
    }

    int frameBytesMax() {
        return welcome.frameBytesMax();
    }

    long pageCount() {
        return welcome.pageCount();
    }

    int pageLengthBytes() {
        return welcome.pageLengthBytes();
    }

    /** A page from end to end. */
    Ranges whole() {
        return whole;
    }

    @Override
    public String toString() {
        return "Session[" + id() + "]";
    }
}
