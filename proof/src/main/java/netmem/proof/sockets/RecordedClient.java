package netmem.proof.sockets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import netmem.api.Fetched;
import netmem.api.NetMemException;
import netmem.api.TransactionResult;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.api.WordResult;
import netmem.client.NetMem;
import netmem.proof.history.Made;
import netmem.proof.history.Operation;
import netmem.proof.history.Seen;
import netmem.proof.sockets.Recorder.Pending;

/**
 * A client that records each call. The first word of a page identifies its state: each change gives it a value that is
 * unique in the run. All other words are those of the newest change of the whole page, all equal, so that a torn page
 * shows. Shared by threads, each with its own number for unique values.
 */
final class RecordedClient {
    private final NetMem mem;
    private final Recorder recorder;
    private final long lane;
    private final AtomicLong values;

    /**
     * Creates the client.
     *
     * @param mem does the calls
     * @param recorder is told of them
     * @param lane unique in the run; part of each value
     */
    RecordedClient(NetMem mem, Recorder recorder, int lane) {
        this(mem, recorder, lane + 1L, new AtomicLong());
    }

    private RecordedClient(NetMem mem, Recorder recorder, long lane, AtomicLong values) {
        this.mem = mem;
        this.recorder = recorder;
        this.lane = lane;
        this.values = values;
    }

    /** The same client in the next memory, after this one was lost. */
    RecordedClient inNextMemory() {
        return new RecordedClient(mem, recorder.inNextMemory(), lane, values);
    }

    NetMem mem() {
        return mem;
    }

    Recorder recorder() {
        return recorder;
    }

    /** A value that no page ever had. */
    long unique() {
        return lane << 40 | values.incrementAndGet();
    }

    byte[] wholePage(long value) {
        ByteBuffer bytes = ByteBuffer.allocate(mem.pageLengthBytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    static byte[] word(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    Seen seen(Versioned state) {
        ByteBuffer bytes = state.buffer();
        for (int i = 16; i < bytes.capacity(); i += 8) {
            if (bytes.getLong(i) != bytes.getLong(8)) {
                recorder.complain("torn page " + state + ": " + Arrays.toString(state.bytes()));
            }
        }
        return new Seen(state.page(), state.version(), bytes.getLong(0));
    }

    static List<Made> made(long page, long version, long value) {
        return List.of(new Made(page, version, value));
    }

    Pending begin(String what, List<Made> made) {
        return recorder.begin(what, List.of(), made, 0);
    }

    static void attempt(Pending pending, Runnable call) {
        try {
            call.run();
        } catch (NetMemException e) {
            pending.failed(e);
        }
    }

    void read(long page) {
        Pending pending = begin("read", List.of());
        attempt(pending, () -> pending.done(List.of(seen(mem.read(page))), List.of()));
    }

    void snapshot(long... pages) {
        Pending pending = begin("snapshot", List.of());
        attempt(
                pending,
                () -> pending.done(
                        mem.readSnapshot(pages).stream().map(this::seen).toList(), List.of()));
    }

    void awaitNewer(long page, long version, Duration wait) {
        Pending pending = begin("awaitNewer", List.of());
        attempt(pending, () -> {
            Optional<Versioned> newer = mem.awaitNewer(page, version, wait);
            pending.done(newer.map(this::seen).stream().toList(), List.of());
            newer.filter(state -> state.version() <= version)
                    .ifPresent(state -> recorder.complain("awaitNewer of v" + version + ": " + state));
        });
    }

    void write(long page, boolean whole) {
        long value = unique();
        Pending pending = begin(whole ? "write of the page" : "write", made(page, 0, value));
        attempt(
                pending,
                () -> pending.done(
                        List.of(), made(page, mem.write(page, 0, whole ? wholePage(value) : word(value)), value)));
    }

    /** A change of a page that was read before, so that it sometimes loses. */
    void compareAndUpdate(long page) {
        Pending reading = begin("read", List.of());
        attempt(reading, () -> {
            Versioned base = mem.read(page);
            reading.done(List.of(seen(base)), List.of());
            compareAndUpdate(base);
        });
    }

    private void compareAndUpdate(Versioned base) {
        Seen state = seen(base);
        long value = unique();
        Pending pending = recorder.begin("compareAndUpdate", List.of(state), made(state.page(), 0, value), 0);
        attempt(pending, () -> {
            switch (mem.compareAndUpdate(base, wholePage(value))) {
                case UpdateResult.Updated updated ->
                    pending.done(List.of(state), made(state.page(), updated.version(), value));
                case UpdateResult.Stale stale -> pending.done(List.of(seen(stale.current())), List.of());
            }
        });
    }

    void update(long page) {
        long value = unique();
        long[] old = {Operation.NO_VALUE};
        Pending pending = begin("update", made(page, 0, value));
        attempt(pending, () -> {
            Versioned after = mem.update(page, bytes -> {
                old[0] = bytes.getLong(0);
                bytes.putLong(0, value);
            });
            pending.done(List.of(new Seen(page, after.version() - 1, old[0])), made(page, after.version(), value));
        });
    }

    void swap(long page) {
        long value = unique();
        Pending pending = begin("swap", made(page, 0, value));
        attempt(pending, () -> {
            Fetched fetched = mem.atomic(page, 0, WordFunction.SWAP, value);
            pending.done(
                    List.of(new Seen(page, fetched.version() - 1, fetched.old())),
                    made(page, fetched.version(), value));
        });
    }

    void add(long page, long delta) {
        Pending pending = begin("add", made(page, 0, Operation.NO_VALUE));
        attempt(pending, () -> {
            Fetched fetched = mem.atomic(page, 0, WordFunction.ADD, delta);
            pending.done(
                    List.of(new Seen(page, fetched.version() - 1, fetched.old())),
                    made(page, fetched.version(), fetched.old() + delta));
        });
    }

    void compareAndSet(long page) {
        Pending reading = begin("read", List.of());
        attempt(reading, () -> {
            Seen state = seen(mem.read(page));
            reading.done(List.of(state), List.of());
            compareAndSet(state);
        });
    }

    private void compareAndSet(Seen state) {
        long value = unique();
        long page = state.page();
        Pending pending = recorder.begin("compareAndSet", List.of(state), made(page, 0, value), 0);
        attempt(pending, () -> {
            switch (mem.compareAndSet(page, 0, state.value(), value)) {
                case WordResult.Set set -> pending.done(List.of(state), made(page, set.version(), value));
                case WordResult.Differs differs ->
                    pending.done(List.of(new Seen(page, differs.version(), differs.actual())), List.of());
            }
        });
    }

    /** Compares the first page, writes the second, swaps the third, in one frame. */
    void transaction(long compared, long written, long swapped) {
        Pending reading = begin("read", List.of());
        attempt(reading, () -> {
            Versioned base = mem.read(compared);
            reading.done(List.of(seen(base)), List.of());
            transaction(base, written, swapped);
        });
    }

    private void transaction(Versioned base, long written, long swapped) {
        Seen state = seen(base);
        long value = unique();
        long other = unique();
        Pending pending = recorder.begin(
                "transaction", List.of(state), List.of(new Made(written, 0, value), new Made(swapped, 0, other)), 0);
        attempt(pending, () -> {
            TransactionResult result = mem.transaction()
                    .ifUnchanged(base)
                    .read(written, 0, 8)
                    .write(written, 0, word(value))
                    .atomic(swapped, 0, WordFunction.SWAP, other)
                    .run();
            switch (result) {
                case TransactionResult.Committed committed -> {
                    List<Seen> before = new ArrayList<>(List.of(state));
                    committed.results().ifPresent(results -> {
                        results.reads().forEach(read -> before.add(seen(read)));
                        results.words().forEach(word -> before.add(new Seen(swapped, word.version() - 1, word.old())));
                    });
                    Map<Long, Long> versions = committed.versions();
                    pending.done(
                            before,
                            List.of(
                                    new Made(written, versions.getOrDefault(written, 0L), value),
                                    new Made(swapped, versions.getOrDefault(swapped, 0L), other)));
                }
                case TransactionResult.Refused refused ->
                    pending.done(
                            refused.failed().stream()
                                    .map(compare -> new Seen(compare.page(), compare.version(), Operation.NO_VALUE))
                                    .toList(),
                            List.of());
            }
        });
    }

    /** Reads all of the pages and changes the first few, optimistically. */
    void transact(int changed, long... pages) {
        long[] fresh = new long[changed];
        Arrays.setAll(fresh, i -> unique());
        List<Made> intended = new ArrayList<>();
        for (int i = 0; i < changed; i++) {
            intended.add(new Made(pages[i], 0, fresh[i]));
        }
        Map<Long, Seen> last = new TreeMap<>();
        Pending pending = begin("transact", intended);
        try {
            mem.transact(transaction -> {
                last.clear();
                for (long page : pages) {
                    last.put(page, seen(transaction.read(page)));
                }
                for (int i = 0; i < changed; i++) {
                    transaction.buffer(pages[i]).putLong(0, fresh[i]);
                }
                return last;
            });
            List<Made> done = new ArrayList<>();
            for (Made made : intended) {
                Seen before = last.get(made.page());
                done.add(new Made(made.page(), before == null ? 0 : before.version() + 1, made.value()));
            }
            pending.done(List.copyOf(last.values()), done);
        } catch (NetMemException e) {
            pending.failed(e, List.copyOf(last.values()));
        }
    }
}
