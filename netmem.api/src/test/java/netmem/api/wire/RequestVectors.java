package netmem.api.wire;

import static java.util.Map.entry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import netmem.api.Incarnation;
import netmem.api.PageRange;

/** What each {@code request-*.hex} file says, built in Java. Pure. */
final class RequestVectors {
    static final SessionId SESSION = new SessionId(0x0123456789abcdefL, 0xfedcba9876543210L);
    static final Incarnation INCARNATION = new Incarnation(0x1111222233334444L, 0x5555666677778888L);

    /** A request and its id. */
    record Case(Request request, long requestId) {
        Case(Request request, int slot, long sequence) {
            this(request, FrameHeader.requestId(slot, sequence));
        }
    }

    private RequestVectors() {}

    static Map<String, Case> all() {
        Map<String, Case> all = new LinkedHashMap<>(first());
        all.putAll(TransactVectors.requests());
        all.putAll(LockVectors.requests());
        return all;
    }

    private static Map<String, Case> first() {
        return Map.ofEntries(
                entry("request-hello-new", new Case(hello(0, "", ""), 0, 1)),
                entry("request-hello-utf8-name", new Case(hello(10_000, "zähler-计数-🧮", ""), 0, 1)),
                entry(
                        "request-hello-resume",
                        new Case(new Request.Hello(SESSION, INCARNATION, 30_000, "worker-3", "open sesame"), 0, 7)),
                entry("request-hello-max", new Case(helloMax(), 65_535, (1L << 48) - 1)),
                entry("request-info", new Case(new Request.Info(), 1, 1)),
                entry("request-ping", new Case(new Request.Ping(), 0, 2)),
                entry("request-bye", new Case(new Request.Bye(), 0, 9)),
                entry("request-stats", new Case(new Request.Stats(), 1, 2)),
                entry("request-cancel", new Case(new Request.Cancel(FrameHeader.requestId(5, 77)), 2, 3)),
                entry("request-read", new Case(new Request.Read(17, 9, Ranges.of(0, 4096)), 3, 1)),
                entry("request-read-version", new Case(new Request.Read(17, 0, Ranges.NONE), 3, 2)),
                entry("request-read-ranges", new Case(readRanges(), 3, 3)),
                entry(
                        "request-read-max",
                        new Case(new Request.Read(-1, -1, Ranges.owning(new int[] {-1, -1})), 65_535, (1L << 48) - 1)),
                entry("request-read-many", new Case(readMany(), 4, 1)),
                entry("request-read-many-snapshot", new Case(snapshot(), 4, 2)),
                entry("request-read-many-empty", new Case(new Request.ReadMany(false, List.of()), 4, 3)),
                entry(
                        "request-write",
                        new Case(
                                new Request.Write(5, 0, 0, 0, false, Ranges.of(16, 8), hex("0807060504030201")), 6, 1)),
                entry("request-write-ranges", new Case(writeRanges(), 6, 2)),
                entry(
                        "request-write-conditional",
                        new Case(new Request.Write(1, 41, 0, 2500, true, Ranges.of(0, 64), page64()), 6, 3)),
                entry("request-lock", new Case(new Request.Lock(5, 1, 0, false, 0), 7, 1)),
                entry("request-lock-with-data", new Case(new Request.Lock(1, 0xfeedfaceL, 5000, true, 41), 7, 2)),
                entry("request-unlock", new Case(new Request.Unlock(5, 12, Ranges.NONE, hex("")), 8, 1)),
                entry(
                        "request-unlock-with-data",
                        new Case(new Request.Unlock(5, 12, Ranges.of(8, 8), hex("0100000000000000")), 8, 2)));
    }

    private static Request hello(int leaseMillis, String name, String token) {
        return new Request.Hello(SessionId.NONE, Incarnation.NONE, leaseMillis, name, token);
    }

    private static Request helloMax() {
        return new Request.Hello(
                new SessionId(-1, -1), new Incarnation(-1, -1), Integer.MAX_VALUE, "n".repeat(64), "t".repeat(256));
    }

    private static Request readRanges() {
        return new Request.Read(
                4, 0, Ranges.of(List.of(new PageRange(128, 8), new PageRange(0, 64), new PageRange(4088, 8))));
    }

    private static Request readMany() {
        return new Request.ReadMany(
                false, List.of(new Request.ReadMany.Entry(0, 0, 0, 64), new Request.ReadMany.Entry(3, 5, 64, 8)));
    }

    private static Request snapshot() {
        return new Request.ReadMany(
                true, List.of(new Request.ReadMany.Entry(1, 41, 0, 64), new Request.ReadMany.Entry(2, 0, 0, 0)));
    }

    private static Request writeRanges() {
        Ranges ranges = Ranges.of(List.of(new PageRange(0, 4), new PageRange(60, 2)));
        return new Request.Write(5, 0, 12, 0, false, ranges, hex("deadbeefcafe"));
    }

    static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The bytes 0 to 63. */
    static ByteBuffer page64() {
        byte[] page = new byte[64];
        for (int i = 0; i < page.length; i++) {
            page[i] = (byte) i;
        }
        return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    }
}
