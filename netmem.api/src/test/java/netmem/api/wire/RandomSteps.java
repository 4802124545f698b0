package netmem.api.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import netmem.api.Status;
import netmem.api.WordFunction;
import org.jspecify.annotations.Nullable;

/** Makes the parts of {@link RandomFrames} that are lists: steps, their results, wants, versions. Confined to one thread. */
final class RandomSteps {
    private static final WordFunction[] FUNCTIONS = WordFunction.values();
    private static final Reply.Known.State[] STATES = Reply.Known.State.values();
    private static final Reply.LockState.Mode[] MODES = Reply.LockState.Mode.values();
    private static final Status[] STATUSES = Status.values();

    private final Random random;
    private final RandomFrames frames;

    RandomSteps(Random random, RandomFrames frames) {
        this.random = random;
        this.frames = frames;
    }

    private <T> List<T> list(int max, Supplier<T> entry) {
        List<T> list = new ArrayList<>();
        for (int i = frames.count(max); i > 0; i--) {
            list.add(entry.get());
        }
        return list;
    }

    private int word() {
        return (int) frames.number();
    }

    private ByteBuffer bytes() {
        return frames.bytes(random.nextInt(20));
    }

    private @Nullable ByteBuffer bytesOrNone() {
        return random.nextBoolean() ? bytes() : null;
    }

    Request atomic() {
        WordFunction function = FUNCTIONS[random.nextInt(FUNCTIONS.length)];
        long expected = function == WordFunction.COMPARE_AND_SET ? frames.number() : 0;
        return new Request.Atomic(
                frames.number(),
                frames.number(),
                frames.number(),
                frames.millis(),
                word(),
                function,
                frames.number(),
                expected);
    }

    Request transact() {
        return new Request.Transact(frames.millis(), random.nextBoolean(), list(WireLimits.STEPS_MAX, this::step));
    }

    private Step step() {
        long page = frames.number();
        return switch (random.nextInt(7)) {
            case 0 -> new Step.CompareVersion(page, frames.number());
            case 1 -> new Step.CompareToken(page, frames.number());
            case 2 -> new Step.CompareBytes(page, word(), bytes());
            case 3 -> new Step.Read(page, word(), word());
            case 4 -> new Step.Write(page, word(), bytes());
            case 5 -> new Step.Atomic(page, word(), FUNCTIONS[random.nextInt(FUNCTIONS.length - 1)], frames.number());
            default -> new Step.Release(page, frames.number());
        };
    }

    /** Pages in rising order, as unsigned numbers, the largest among them now and then. */
    Request lockMany() {
        int count = Math.max(1, frames.count(WireLimits.LOCK_MANY_MAX));
        long page = random.nextInt(3);
        List<Request.LockMany.Want> wants = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            wants.add(new Request.LockMany.Want(page, random.nextBoolean()));
            page += 1 + random.nextInt(5);
        }
        wants.add(new Request.LockMany.Want(random.nextBoolean() ? page : -1, random.nextBoolean()));
        return new Request.LockMany(frames.number(), frames.millis(), wants);
    }

    Request watch() {
        long first = frames.number();
        long count = frames.number();
        Supplier<Request.Watch.Seen> seen =
                () -> new Request.Watch.Seen(first + Long.remainderUnsigned(frames.number(), count), frames.number());
        return new Request.Watch(first, count, count == 0 ? List.of() : list(WireLimits.SEEN_MAX, seen));
    }

    Reply committed() {
        return new Reply.Committed(
                versions(WireLimits.STEPS_MAX),
                list(WireLimits.STEPS_MAX, () -> new Reply.Committed.Result(frames.number(), bytesOrNone())));
    }

    private List<Reply.Committed.Version> versions(int max) {
        return list(max, () -> new Reply.Committed.Version(frames.number(), frames.number()));
    }

    Reply changed() {
        return new Reply.Changed(versions(WireLimits.SEEN_MAX));
    }

    Reply notCommitted() {
        return new Reply.NotCommitted(list(
                WireLimits.STEPS_MAX,
                () -> new Reply.NotCommitted.Compare(
                        random.nextInt(WireLimits.STEPS_MAX),
                        frames.number(),
                        frames.number(),
                        frames.number(),
                        bytesOrNone())));
    }

    Reply grantedMany() {
        return new Reply.GrantedMany(
                list(WireLimits.LOCK_MANY_MAX, () -> new Reply.GrantedMany.Grant(frames.number(), frames.number())));
    }

    Reply lockState() {
        return new Reply.LockState(
                MODES[random.nextInt(MODES.length)],
                frames.millis(),
                frames.millis(),
                frames.number(),
                frames.number(),
                frames.text(WireLimits.NAME_BYTES_MAX));
    }

    Reply known() {
        return new Reply.Known(STATES[random.nextInt(STATES.length)], STATUSES[random.nextInt(STATUSES.length)]);
    }
}
