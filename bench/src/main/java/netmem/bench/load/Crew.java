package netmem.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A contestant's open clients under one load, ready to run rounds. Confined to one thread. */
final class Crew implements Runner {
    private static final long HEAD_START_NANOS = 2_000_000;

    private final LibraryContestant contestant;
    private final Load load;
    private final PageChoice pages;
    private final SplittableRandom seeds;
    private final List<Client> clients = new ArrayList<>();

    Crew(LibraryContestant contestant, Load load, int pageCount) {
        this.contestant = contestant;
        this.load = load;
        this.pages = new PageChoice(pageCount, load.skew());
        this.seeds = new SplittableRandom(load.seed());
        int callersPerClient = Math.ceilDiv(load.callers(), load.clients());
        try {
            for (int i = 0; i < load.clients(); i++) {
                Client client = contestant.open(callersPerClient);
                clients.add(client);
                client.prepare(load.mix());
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public String name() {
        return contestant.name();
    }

    @Override
    public Round run(Duration length) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(load.callers());
        Caller.Start start = new Caller.Start();
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < load.callers(); i++) {
            Client client = clients.get(i % clients.size());
            callers.add(new Caller(
                    client, i / clients.size(), load, pages, seeds.nextLong(), length.toNanos(), ready, start));
        }
        try (ExecutorService threads = threads()) {
            List<Future<Caller.Count>> counts = new ArrayList<>();
            callers.forEach(caller -> counts.add(threads.submit(caller)));
            ready.await();
            Meter before = Meter.now(contestant);
            long beganMillis = System.currentTimeMillis();
            start.tell(System.nanoTime() + HEAD_START_NANOS);
            List<Caller.Count> done = new ArrayList<>();
            for (Future<Caller.Count> count : counts) {
                done.add(result(count));
            }
            return Round.of(done, beganMillis, before.until(Meter.now(contestant)));
        }
    }

    private ExecutorService threads() {
        return load.virtual() ? Executors.newVirtualThreadPerTaskExecutor() : Executors.newCachedThreadPool();
    }

    private static Caller.Count result(Future<Caller.Count> count) throws InterruptedException {
        try {
            return count.get();
        } catch (ExecutionException e) {
            throw new CompletionException("a caller failed", e.getCause());
        }
    }

    @Override
    public void close() {
        clients.forEach(Client::close);
        clients.clear();
    }
}
