package netmem.server.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Request;
import netmem.api.wire.Step;

/** Well-formed requests of the operations beyond reads, writes and single locks, for {@link FuzzFrames}. Confined to one thread. */
final class FuzzOperations {
    private static final WordFunction[] FUNCTIONS = WordFunction.values();

    private final Random random;
    private final FuzzFrames frames;

    FuzzOperations(Random random, FuzzFrames frames) {
        this.random = random;
        this.frames = frames;
    }

    Request request(long page) {
        return switch (random.nextInt(10)) {
            case 0 -> new Request.Outcome(FrameHeader.requestId(random.nextInt(70), random.nextInt(3)));
            case 1 -> new Request.LockInfo(page);
            case 2 -> lockMany();
            case 3, 4 -> atomic(page);
            case 5, 6 -> transact();
            case 7 -> watch(page);
            case 8 -> new Request.Unwatch(random.nextInt(FuzzFrames.PAGES), random.nextInt(3));
            default -> new Request.AwaitNewer(page, random.nextInt(4), frames.waitMillis());
        };
    }

    private Request lockMany() {
        List<Request.LockMany.Want> wants = new ArrayList<>();
        for (int page = 0; page < FuzzFrames.PAGES; page++) {
            if (random.nextBoolean() || (page == FuzzFrames.PAGES - 1 && wants.isEmpty())) {
                wants.add(new Request.LockMany.Want(page, random.nextBoolean()));
            }
        }
        return new Request.LockMany(random.nextInt(2), frames.waitMillis(), wants);
    }

    private Request atomic(long page) {
        WordFunction function = FUNCTIONS[random.nextInt(FUNCTIONS.length)];
        long expected = function == WordFunction.COMPARE_AND_SET ? random.nextInt(2) : 0;
        return new Request.Atomic(
                page,
                random.nextInt(3),
                frames.token(),
                frames.waitMillis(),
                offset(),
                function,
                random.nextLong(),
                expected);
    }

    private int offset() {
        return random.nextInt(6) == 0 ? random.nextInt() : Long.BYTES * random.nextInt(FuzzFrames.PAGE / Long.BYTES);
    }

    private Request transact() {
        List<Step> steps = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            steps.add(step(random.nextInt(30) == 0 ? random.nextLong() : random.nextInt(FuzzFrames.PAGES)));
        }
        return new Request.Transact(frames.waitMillis(), random.nextBoolean(), steps);
    }

    private Step step(long page) {
        return switch (random.nextInt(7)) {
            case 0 -> new Step.CompareVersion(page, random.nextInt(3));
            case 1 -> new Step.CompareToken(page, frames.token());
            case 2 -> new Step.CompareBytes(page, offset(), frames.data(random.nextInt(10)));
            case 3 -> new Step.Read(page, offset(), random.nextInt(FuzzFrames.PAGE));
            case 4 -> new Step.Write(page, offset(), frames.data(random.nextInt(10)));
            case 5 ->
                new Step.Atomic(page, offset(), FUNCTIONS[random.nextInt(FUNCTIONS.length - 1)], random.nextLong());
            default -> new Step.Release(page, frames.token());
        };
    }

    private Request watch(long page) {
        long count = random.nextInt(FuzzFrames.PAGES + 1);
        List<Request.Watch.Seen> seen = new ArrayList<>();
        for (long i = 0; i < count; i += 1 + random.nextInt(2)) {
            seen.add(new Request.Watch.Seen(page + i, random.nextInt(3)));
        }
        return new Request.Watch(page, count, seen);
    }
}
