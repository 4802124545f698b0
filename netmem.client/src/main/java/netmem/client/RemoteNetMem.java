package netmem.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import netmem.api.Fetched;
import netmem.api.Incarnation;
import netmem.api.LockState;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.PageRange;
import netmem.api.ServerInfo;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.api.WordResult;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.WireLimits;

/** The blocking face: turns operations into {@link Call}s. Shared; holds no state but its deadline. */
final class RemoteNetMem implements NetMem {
    private final Calls calls;
    private final Link link;
    private final Semaphore stages;
    private final PageCache cache;
    private final long deadlineNanos;
    private final boolean view;

    private RemoteNetMem(Calls calls, Link link, Semaphore stages, long deadlineNanos, boolean view) {
        this.calls = calls;
        this.link = link;
        this.stages = stages;
        this.cache = calls.options().cache();
        this.deadlineNanos = deadlineNanos;
        this.view = view;
    }

    /** Starts a client and waits for its first session. */
    static NetMem open(Options options) {
        Exchange exchange = new Exchange(options);
        Calls calls = new Calls(exchange);
        Link link;
        try {
            link = new Link(exchange);
        } catch (IOException e) {
            String message = "connect to " + options.address() + ": no selector";
            throw new NetMemException.Disconnected(Outcome.NO_EFFECT, message, e);
        }
        RemoteNetMem client =
                new RemoteNetMem(calls, link, new Semaphore(options.asyncCallsMax()), options.deadlineNanos(), false);
        link.start();
        try {
            calls.awaitSession(client.begin());
            return client;
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    Calls calls() {
        return calls;
    }

    private Deadline begin() {
        return new Deadline(System.nanoTime(), deadlineNanos);
    }

    @Override
    public ServerInfo info() {
        PlainCall call = new PlainCall(begin(), new Request.Info());
        if (!(calls.run(call) instanceof Reply.Description description) || call.session() == null) {
            throw new AssertionError("info: not a description");
        }
        Session from = call.session();
        return new ServerInfo(
                description.version(),
                from.incarnation(),
                from.pageCount(),
                from.pageLengthBytes(),
                description.limits());
    }

    @Override
    public Map<String, Long> stats() {
        if (!(calls.run(new PlainCall(begin(), new Request.Stats())) instanceof Reply.Statistics statistics)) {
            throw new AssertionError("stats: not statistics");
        }
        return statistics.values();
    }

    @Override
    public long pageCount() {
        return calls.session().pageCount();
    }

    @Override
    public int pageLengthBytes() {
        return calls.session().pageLengthBytes();
    }

    @Override
    public Versioned read(long page) {
        return calls.run(ReadCall.whole(begin(), cache, Arguments.page(page)));
    }

    @Override
    public Versioned read(long page, int offset, int lengthBytes) {
        return calls.run(ReadCall.range(begin(), cache, Arguments.page(page), new PageRange(offset, lengthBytes)));
    }

    @Override
    public List<Versioned> readSnapshot(long... pages) {
        if (Arguments.pages(pages).length > WireLimits.READ_MANY_MAX) {
            throw new IllegalArgumentException(
                    "pages: " + pages.length + " (expected: <= " + WireLimits.READ_MANY_MAX + ")");
        }
        if (pages.length == 0) { // it fails where any call would
            calls.run(new PlainCall(begin(), new Request.Ping()));
            return List.of();
        }
        return pages.length <= RemoteLocks.pagesAtOnce(calls.session(), 0)
                ? calls.run(new ReadManyCall(begin(), cache, pages))
                : new Transactions(calls, begin())
                        .readAll(LongStream.of(pages).boxed().toList());
    }

    @Override
    public <R> R peek(long page, Function<ByteBuffer, R> look) {
        Objects.requireNonNull(look, "view");
        return look.apply(read(page).buffer());
    }

    @Override
    public long version(long page) {
        return calls.run(ReadCall.version(begin(), cache, Arguments.page(page))).version();
    }

    @Override
    public long write(long page, int offset, byte[] bytes) {
        PageRange range = new PageRange(offset, bytes.length);
        return write(page, Ranges.of(range.offset(), range.length()), ByteBuffer.wrap(bytes));
    }

    @Override
    public long write(long page, List<PageRange> ranges, ByteBuffer data) {
        if (ranges.isEmpty() || ranges.size() > WireLimits.RANGES_MAX) {
            throw new IllegalArgumentException(
                    "ranges: " + ranges.size() + " (expected: 1 to " + WireLimits.RANGES_MAX + ") page=" + page);
        }
        Ranges wire = Ranges.of(ranges);
        if (wire.totalBytes() != data.remaining()) {
            throw new IllegalArgumentException(
                    "data: " + data.remaining() + " bytes (expected: " + wire.totalBytes() + ") page=" + page);
        }
        return write(page, wire, CallerBytes.readable(data));
    }

    private long write(long page, Ranges ranges, ByteBuffer data) {
        WriteCall call = new WriteCall(begin(), cache, Arguments.page(page), null, ranges, data);
        return switch (calls.run(call)) {
            case WriteCall.Answer.Done done -> done.version();
            case WriteCall.Answer.Stale _ -> throw new AssertionError("write: condition failed, none was given");
        };
    }

    @Override
    public UpdateResult compareAndUpdate(Versioned base, byte[] bytes) {
        return new Updates(calls, begin()).compareAndUpdate(Arguments.base(base, "base"), bytes);
    }

    @Override
    public Versioned update(long page, Consumer<ByteBuffer> change) {
        Objects.requireNonNull(change, "change");
        return new Updates(calls, begin()).update(Arguments.page(page), change);
    }

    @Override
    public Fetched atomic(long page, int offset, WordFunction function, long operand) {
        Objects.requireNonNull(function, "function");
        return new Updates(calls, begin()).atomic(Arguments.page(page), Arguments.word(offset), function, operand);
    }

    @Override
    public WordResult compareAndSet(long page, int offset, long expected, long value) {
        return new Updates(calls, begin()).compareAndSet(Arguments.page(page), Arguments.word(offset), expected, value);
    }

    @Override
    public TransactionBuilder transaction() {
        return new RemoteTransactionBuilder(calls, deadlineNanos);
    }

    @Override
    public <R> R transact(Function<Transaction, R> body) {
        Objects.requireNonNull(body, "body");
        return new Transactions(calls, begin()).run(body);
    }

    private RemoteLocks locks() {
        return new RemoteLocks(calls, calls::newOwner, deadlineNanos);
    }

    @Override
    public PageLock lock(long page) {
        return locks().lock(page);
    }

    @Override
    public Optional<PageLock> tryLock(long page, Duration wait) {
        return locks().tryLock(page, wait);
    }

    @Override
    public PageLock lockShared(long page) {
        return locks().lockShared(page);
    }

    @Override
    public Optional<PageLock> tryLockShared(long page, Duration wait) {
        return locks().tryLockShared(page, wait);
    }

    @Override
    public LockGroup lockAll(long... pages) {
        return locks().lockAll(pages);
    }

    @Override
    public Locks owner() {
        long handle = calls.newOwner();
        return new RemoteLocks(calls, () -> handle, deadlineNanos);
    }

    @Override
    public LockState lockInfo(long page) {
        if (!(calls.run(new PlainCall(begin(), new Request.LockInfo(Arguments.page(page))))
                instanceof Reply.LockState state)) {
            throw new AssertionError("lock info: not a lock's state");
        }
        LockState.Mode mode = switch (state.mode()) {
            case FREE -> LockState.Mode.FREE;
            case EXCLUSIVE -> LockState.Mode.EXCLUSIVE;
            case SHARED -> LockState.Mode.SHARED;
        };
        return new LockState(
                page, mode, state.holders(), state.waiters(), state.token(), state.ageMillis(), state.name());
    }

    @Override
    public Optional<Versioned> awaitNewer(long page, long version, Duration wait) {
        return awaitNewer(calls.session().incarnation(), Arguments.page(page), version, wait);
    }

    @Override
    public Optional<Versioned> awaitNewer(Versioned seen, Duration wait) {
        Arguments.base(seen, "seen");
        return awaitNewer(seen.incarnation(), seen.page(), seen.version(), wait);
    }

    private Optional<Versioned> awaitNewer(Incarnation memory, long page, long version, Duration wait) {
        Arguments.within("wait", wait, Duration.ZERO, NetMemBuilder.DEADLINE_MAX);
        Deadline deadline = new Deadline(System.nanoTime(), Math.max(deadlineNanos, wait.toNanos()));
        AwaitNewerCall call = new AwaitNewerCall(deadline, memory, page, version, wait.toNanos());
        return calls.run(call).map(_ -> calls.run(ReadCall.whole(begin(), cache, page)));
    }

    @Override
    public Watch watch(long first, long count, Watch.Listener listener) {
        Objects.requireNonNull(listener, "listener");
        return calls.watch(begin(), new RemoteWatch.Run(first, count), listener);
    }

    @Override
    public NetMem within(Duration deadline) {
        Arguments.within("deadline", deadline, NetMemBuilder.DEADLINE_MIN, NetMemBuilder.DEADLINE_MAX);
        return new RemoteNetMem(calls, link, stages, deadline.toNanos(), true);
    }

    @Override
    public void renew() {
        calls.memory().renew();
    }

    @Override
    public void onMemoryLost(Consumer<NetMem> handler) {
        Objects.requireNonNull(handler, "handler");
        calls.memory()
                .handler(fresh ->
                        handler.accept(new RemoteNetMem(calls.boundTo(fresh), link, stages, deadlineNanos, true)));
    }

    @Override
    public NetMemAsync async() {
        return new RemoteNetMemAsync(this, new Stages(toString(), stages));
    }

    @Override
    public void close() {
        if (!view) {
            calls.close(link::stop);
            link.stop();
            Log.flush();
        }
    }

    @Override
    public String toString() {
        return "NetMem[" + calls.options().address() + "]";
    }
}
