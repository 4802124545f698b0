package netmem.server.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import netmem.api.Incarnation;
import netmem.api.PageRange;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Preface;
import netmem.api.wire.Ranges;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;

/** Frames for a server of few small pages: requests that reach deep, golden vectors, and damage. Confined to one thread. */
final class FuzzFrames {
    static final int PAGES = 4;
    static final int PAGE = 64;

    private static final int LEASE_MILLIS = 300_000;
    private static final List<byte[]> VECTORS = vectors();

    private final Random random;
    private final FuzzOperations later;

    FuzzFrames(Random random) {
        this.random = random;
        this.later = new FuzzOperations(random, this);
    }

    private static List<byte[]> vectors() {
        Path folder = Path.of(System.getProperty("basedir", "."), "..", "docs", "protocol", "vectors");
        try (Stream<Path> files = Files.list(folder)) {
            List<byte[]> vectors = new ArrayList<>();
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".hex")).sorted().toList()) {
                StringBuilder hex = new StringBuilder();
                for (String line : Files.readAllLines(file)) {
                    if (!line.startsWith("#")) {
                        hex.append(line, line.indexOf(':') + 1, line.indexOf('#'));
                    }
                }
                vectors.add(HexFormat.of().parseHex(hex.toString().replace(" ", "")));
            }
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] preface() {
        byte[] preface = new byte[Preface.BYTES];
        little(preface).putInt(Preface.MAGIC).putShort((short) 1).putShort((short) 1);
        return preface;
    }

    static byte[] hello(SessionId session, Incarnation incarnation) {
        return frame(new Request.Hello(session, incarnation, LEASE_MILLIS, "fuzz", ""), 0);
    }

    static byte[] frame(Request request, long requestId) {
        byte[] frame = new byte[RequestCodec.frameBytes(request)];
        RequestCodec.encode(request, requestId, little(frame));
        return frame;
    }

    static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A well-formed request, likely to meet others on the same page, lock or request id. */
    byte[] sound(long requestId) {
        return frame(request(), requestId);
    }

    private Request request() {
        long page = random.nextInt(20) == 0 ? random.nextLong() : random.nextInt(PAGES);
        return switch (random.nextInt(26)) {
            case 0 -> new Request.Info();
            case 1 -> new Request.Stats();
            case 2 -> new Request.Cancel(FrameHeader.requestId(random.nextInt(40), 1));
            case 3, 4, 5 -> new Request.Read(page, random.nextInt(4), ranges());
            case 6 -> new Request.ReadMany(random.nextBoolean(), entries());
            case 7, 8, 9 ->
                new Request.Lock(
                        page,
                        random.nextInt(2),
                        waitMillis(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextInt(4));
            case 10, 11 -> unlock(page);
            case 12 -> random.nextInt(8) == 0 ? new Request.Bye() : new Request.Ping();
            case 13, 14, 15 -> write(page);
            default -> later.request(page);
        };
    }

    private Request write(long page) {
        Ranges ranges = ranges();
        Ranges some = ranges.count() == 0 ? Ranges.of(0, 1) : ranges;
        return new Request.Write(
                page, random.nextInt(4), token(), waitMillis(), random.nextBoolean(), some, data(some.totalBytes()));
    }

    private Request unlock(long page) {
        Ranges ranges = ranges();
        return new Request.Unlock(page, token(), ranges, data(ranges.totalBytes()));
    }

    ByteBuffer data(long bytes) {
        byte[] data = new byte[(int) bytes];
        random.nextBytes(data);
        return little(data);
    }

    long token() {
        return random.nextBoolean() ? 0 : random.nextInt(12);
    }

    int waitMillis() {
        return random.nextBoolean() ? 0 : 1 + random.nextInt(9_000);
    }

    private Ranges ranges() {
        return switch (random.nextInt(5)) {
            case 0 -> Ranges.NONE;
            case 1 -> Ranges.of(random.nextInt(PAGE + 2), random.nextInt(PAGE + 2));
            case 2 -> Ranges.of(List.of(range(), range(), range()).subList(0, 1 + random.nextInt(3)));
            default -> Ranges.of(0, PAGE);
        };
    }

    private PageRange range() {
        int offset = random.nextInt(PAGE);
        return new PageRange(offset, 1 + random.nextInt(PAGE - offset));
    }

    private List<Request.ReadMany.Entry> entries() {
        List<Request.ReadMany.Entry> entries = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            int length = random.nextInt(PAGE + 1);
            entries.add(new Request.ReadMany.Entry(random.nextInt(PAGES), random.nextInt(4), 0, length));
        }
        return entries;
    }

    /** Changes bytes behind the length, but not the request id, so that the frame must be answered. */
    void damageBody(byte[] frame) {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = Integer.BYTES + random.nextInt(frame.length - Integer.BYTES);
            if (at < 8 || at >= FrameHeader.BYTES) {
                frame[at] = damage(frame[at]);
            }
        }
    }

    private byte damage(byte was) {
        return switch (random.nextInt(4)) {
            case 0 -> (byte) (was ^ 1 << random.nextInt(8));
            case 1 -> -1;
            case 2 -> 0;
            default -> (byte) random.nextInt();
        };
    }

    /** Anything: sound, damaged anywhere, cut, a golden vector, noise. */
    byte[] wild() {
        byte[] frame = switch (random.nextInt(8)) {
            case 0 -> VECTORS.get(random.nextInt(VECTORS.size())).clone();
            case 1 -> noise();
            case 2 -> old();
            default -> sound(FrameHeader.requestId(random.nextInt(70), random.nextInt(4)));
        };
        if (random.nextInt(3) == 0 && frame.length > 0) {
            int at = random.nextInt(frame.length);
            frame[at] = damage(frame[at]);
        }
        return random.nextInt(12) == 0 ? Arrays.copyOf(frame, random.nextInt(frame.length + 9)) : frame;
    }

    private byte[] noise() {
        byte[] noise = new byte[random.nextInt(64)];
        random.nextBytes(noise);
        return noise;
    }

    /** A request of NetMem 0.2; now and then its length is not what it should be. */
    byte[] old() {
        int type = random.nextInt(random.nextInt(10) == 0 ? 256 : 6);
        int length = random.nextInt(10) == 0 ? random.nextInt(200) : PAGE;
        byte[] data = new byte[type == Connection02.UNLOCK_PAGE || type == Connection02.UPDATE_PAGE ? length : 0];
        random.nextBytes(data);
        ByteBuffer frame = ByteBuffer.wrap(new byte[Connection02.HEADER_BYTES + data.length]);
        int page = random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(PAGES);
        frame.put((byte) type)
                .putInt(page)
                .putInt(length)
                .putInt(random.nextInt(5) - 1)
                .put(data);
        return frame.array();
    }
}
