package netmem.api.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import netmem.api.Incarnation;
import netmem.api.Status;

/** Makes well-formed requests and replies of every kind; each number leans to its extremes. Confined to one thread. */
final class RandomFrames {
    private static final Status[] STATUSES = Status.values();
    private static final Reply.Granted.Content[] CONTENTS = Reply.Granted.Content.values();

    private static final List<Opcode> REQUESTS = Stream.of(Opcode.values())
            .filter(opcode -> opcode != Opcode.CHANGED)
            .toList();

    private final Random random;
    private final RandomSteps steps;

    RandomFrames(Random random) {
        this.random = random;
        this.steps = new RandomSteps(random, this);
    }

    Request request() {
        return request(REQUESTS.get(random.nextInt(REQUESTS.size())));
    }

    Request request(Opcode opcode) {
        return switch (opcode) {
            case HELLO ->
                new Request.Hello(
                        new SessionId(number(), number()),
                        new Incarnation(number(), number()),
                        millis(),
                        text(WireLimits.NAME_BYTES_MAX),
                        text(WireLimits.TOKEN_BYTES_MAX));
            case INFO -> new Request.Info();
            case PING -> new Request.Ping();
            case BYE -> new Request.Bye();
            case STATS -> new Request.Stats();
            case CANCEL -> new Request.Cancel(number());
            case READ -> new Request.Read(number(), number(), anyRanges());
            case READ_MANY -> new Request.ReadMany(random.nextBoolean(), entries());
            case WRITE -> write();
            case ATOMIC -> steps.atomic();
            case TRANSACT -> steps.transact();
            case LOCK -> lock();
            case UNLOCK -> unlock();
            case LOCK_MANY -> steps.lockMany();
            case LOCK_INFO -> new Request.LockInfo(number());
            case OUTCOME -> new Request.Outcome(number());
            case WATCH -> steps.watch();
            case UNWATCH -> new Request.Unwatch(number(), number());
            case AWAIT_NEWER -> new Request.AwaitNewer(number(), number(), millis());
            case CHANGED -> throw new IllegalArgumentException("no request: " + opcode);
        };
    }

    private Request write() {
        Ranges ranges = ranges(1 + random.nextInt(4));
        ByteBuffer data = bytes((int) ranges.totalBytes());
        return new Request.Write(number(), number(), number(), millis(), random.nextBoolean(), ranges, data);
    }

    private Request lock() {
        return new Request.Lock(number(), number(), millis(), random.nextBoolean(), random.nextBoolean(), number());
    }

    private Request unlock() {
        Ranges ranges = ranges(random.nextInt(3));
        return new Request.Unlock(number(), number(), ranges, bytes((int) ranges.totalBytes()));
    }

    private List<Request.ReadMany.Entry> entries() {
        List<Request.ReadMany.Entry> entries = new ArrayList<>();
        for (int i = count(WireLimits.READ_MANY_MAX); i > 0; i--) {
            entries.add(new Request.ReadMany.Entry(number(), number(), (int) number(), (int) number()));
        }
        return entries;
    }

    /** A reply and the code of an operation that it answers. */
    ReplyVectors.Case reply() {
        long id = number();
        return switch (random.nextInt(18)) {
            case 0 -> new ReplyVectors.Case(welcome(), Opcode.HELLO.code(), id);
            case 1 -> new ReplyVectors.Case(new Reply.Description(text(255), values()), Opcode.INFO.code(), id);
            case 2 -> new ReplyVectors.Case(new Reply.Statistics(values()), Opcode.STATS.code(), id);
            case 3 -> new ReplyVectors.Case(new Reply.Done(), Opcode.PING.code(), id);
            case 4 ->
                new ReplyVectors.Case(new Reply.Data(number(), bytes(random.nextInt(99))), Opcode.READ.code(), id);
            case 5 -> new ReplyVectors.Case(new Reply.NotModified(number()), Opcode.READ.code(), id);
            case 6 -> new ReplyVectors.Case(many(), Opcode.READ_MANY.code(), id);
            case 7 -> new ReplyVectors.Case(new Reply.Written(number()), Opcode.UNLOCK.code(), id);
            case 8 -> new ReplyVectors.Case(granted(), Opcode.LOCK.code(), id);
            case 9 -> new ReplyVectors.Case(conditionFailed(), Opcode.WRITE.code(), id);
            case 10 -> new ReplyVectors.Case(new Reply.Fetched(number(), number()), Opcode.ATOMIC.code(), id);
            case 11 -> new ReplyVectors.Case(steps.committed(), Opcode.TRANSACT.code(), id);
            case 12 -> new ReplyVectors.Case(steps.notCommitted(), Opcode.TRANSACT.code(), id);
            case 13 -> new ReplyVectors.Case(steps.grantedMany(), Opcode.LOCK_MANY.code(), id);
            case 14 -> new ReplyVectors.Case(steps.lockState(), Opcode.LOCK_INFO.code(), id);
            case 15 -> new ReplyVectors.Case(steps.known(), Opcode.OUTCOME.code(), id);
            case 16 -> new ReplyVectors.Case(steps.changed(), Opcode.CHANGED.code(), 0);
            default -> new ReplyVectors.Case(failed(), random.nextInt(Opcode.REPLY), id);
        };
    }

    private Reply welcome() {
        return new Reply.Welcome(
                random.nextInt(1 << 16),
                random.nextBoolean(),
                new SessionId(number(), number()),
                new Incarnation(number(), number()),
                millis(),
                count(WireLimits.SLOTS_MAX),
                count(WireLimits.FRAME_BYTES_MAX),
                number(),
                count(1 << 20));
    }

    private Reply many() {
        List<Reply.DataMany.Entry> entries = new ArrayList<>();
        for (int i = count(WireLimits.READ_MANY_MAX); i > 0; i--) {
            entries.add(new Reply.DataMany.Entry(number(), random.nextBoolean() ? bytes(random.nextInt(9)) : null));
        }
        return new Reply.DataMany(entries);
    }

    private Reply granted() {
        Reply.Granted.Content content = CONTENTS[random.nextInt(CONTENTS.length)];
        ByteBuffer data = bytes(content == Reply.Granted.Content.FULL ? random.nextInt(99) : 0);
        return new Reply.Granted(number(), number(), content, data);
    }

    private Reply conditionFailed() {
        return new Reply.ConditionFailed(number(), random.nextBoolean() ? bytes(1 + random.nextInt(99)) : null);
    }

    private Reply failed() {
        Status status = STATUSES[3 + random.nextInt(STATUSES.length - 3)];
        return new Reply.Failed(status, number(), number(), text(WireLimits.MESSAGE_BYTES_MAX));
    }

    private Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        for (int i = count(40); i > 0; i--) {
            values.put(text(255), number());
        }
        return values;
    }

    private Ranges ranges(int count) {
        int[] words = new int[2 * count];
        for (int i = 0; i < count; i++) {
            words[2 * i] = (int) number();
            words[2 * i + 1] = random.nextInt(70);
        }
        return Ranges.owning(words);
    }

    private Ranges anyRanges() {
        int[] words = new int[2 * count(WireLimits.RANGES_MAX)];
        for (int i = 0; i < words.length; i++) {
            words[i] = (int) number();
        }
        return Ranges.owning(words);
    }

    /** Mostly small, now and then the largest allowed. */
    int count(int max) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> max;
            default -> random.nextInt(Math.min(max, 16) + 1);
        };
    }

    int millis() {
        return count(Integer.MAX_VALUE);
    }

    /** Any 64-bit pattern: small, near a power of two, or random. */
    long number() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(16);
            case 1 -> (1L << random.nextInt(64)) - random.nextInt(3) + 1;
            case 2 -> -1L - random.nextInt(3);
            default -> random.nextLong();
        };
    }

    ByteBuffer bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Frames.little(bytes);
    }

    /** Characters of one to four bytes each, at most this many bytes of UTF-8 together. */
    String text(int bytesMax) {
        int[] samples = {'a', ' ', 'é', '€', 0x1F9EE, 0};
        StringBuilder text = new StringBuilder();
        for (int left = count(bytesMax); left >= 4; ) {
            int character = samples[random.nextInt(samples.length)];
            text.appendCodePoint(character);
            left -= BodyWriter.textBytes(Character.toString(character)) - 2;
        }
        return text.toString();
    }
}
