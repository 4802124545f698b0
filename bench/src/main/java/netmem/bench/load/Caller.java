package netmem.bench.load;

import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import netmem.bench.result.Histograms;
import org.HdrHistogram.Histogram;

/**
 * One caller in one round: does operations one after the other, at its share of the rate or as fast as answers come.
 * Confined to its thread; the start is shared.
 *
 * <p>Under a rate, each operation has an instant at which it is due, fixed beforehand. Its latency counts from there: when an
 * answer is late, so are the operations behind it, and that shows. What is not even begun when the round is over counts
 * as missed.
 */
final class Caller implements Callable<Caller.Count> {
    /**
     * What a caller did.
     *
     * @param done operations that were answered
     * @param due operations that should have been
     * @param elapsedNanos from the start of the round to the caller's last answer
     * @param latencies in a closed loop: how long the calls took
     * @param lag how late the operations were begun
     */
    record Count(long done, long due, long elapsedNanos, Histogram latencies, Histogram lag) {}

    /** The kernel wakes a sleeper some 50 us late; the rest of the wait is spent awake. */
    private static final long AWAKE_NANOS = 80_000;

    private static final long GRACE_NANOS_MIN = 10_000_000;
    private static final int GRACE_PART = 100;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Client client;
    private final int index;
    private final Mix.Draw operations;
    private final PageChoice pages;
    private final SplittableRandom random;
    private final Load load;
    private final long lengthNanos;
    private final CountDownLatch ready;
    private final Start start;
    private final Histogram latencies = Histograms.empty();
    private final Histogram lag = Histograms.empty();

    /** When a round begins: told once all callers are there. Shared. */
    static final class Start {
        private final CountDownLatch told = new CountDownLatch(1);
        private long nanos;

        void tell(long startNanos) {
            nanos = startNanos;
            told.countDown(); // publishes nanos
        }

        long await() throws InterruptedException {
            told.await();
            return nanos;
        }
    }

    Caller(
            Client client,
            int index,
            Load load,
            PageChoice pages,
            long seed,
            long lengthNanos,
            CountDownLatch ready,
            Start start) {
        this.client = client;
        this.index = index;
        this.load = load;
        this.operations = load.mix().draw();
        this.pages = pages;
        this.random = new SplittableRandom(seed);
        this.lengthNanos = lengthNanos;
        this.ready = ready;
        this.start = start;
    }

    @Override
    public Count call() throws InterruptedException {
        ready.countDown();
        long begin = start.await();
        OptionalDouble rate = load.ratePerSecond();
        return rate.isPresent() ? open(begin, NANOS_PER_SECOND * load.callers() / rate.getAsDouble()) : closed(begin);
    }

    private Count closed(long begin) {
        long end = begin + lengthNanos;
        long done = 0;
        long before = System.nanoTime();
        while (before - end < 0) {
            client.run(operations.next(random), pages.next(random), index);
            long after = System.nanoTime();
            Histograms.record(latencies, after - before);
            done++;
            before = after;
        }
        return new Count(done, done, before - begin, latencies, lag);
    }

    /** The callers' due instants lie evenly between each other's. */
    private Count open(long begin, double gapNanos) {
        long cutNanos = lengthNanos + Math.max(GRACE_NANOS_MIN, lengthNanos / GRACE_PART);
        double dueNanos = load.poisson() ? gap(gapNanos) : gapNanos * index / load.callers();
        long done = 0;
        long due = 0;
        long last = begin;
        for (; dueNanos < lengthNanos; dueNanos += load.poisson() ? gap(gapNanos) : gapNanos) {
            due++;
            long instant = begin + (long) dueNanos;
            long now = awaitInstant(instant);
            if (now - begin > cutNanos) {
                continue; // missed; the rest is only counted
            }
            Histograms.record(lag, now - instant);
            client.run(operations.next(random), pages.next(random), index);
            last = System.nanoTime();
            Histograms.record(latencies, last - instant);
            done++;
        }
        return new Count(done, due, Math.max(last - begin, lengthNanos), latencies, lag);
    }

    private double gap(double meanNanos) {
        return -Math.log(1 - random.nextDouble()) * meanNanos;
    }

    /**
     * Sleeps, and then gives way to whoever wants the processor until the instant has come. A virtual thread sleeps all the time: those that give way are
     * run before those that were woken, which then never answer.
     */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on who runs meanwhile
    private static long awaitInstant(long instant) {
        for (; ; ) {
            long now = System.nanoTime();
            long left = instant - now;
            if (left <= 0) {
                return now;
            }
            long awakeNanos = Thread.currentThread().isVirtual() ? 0 : AWAKE_NANOS;
            if (left > awakeNanos) {
                LockSupport.parkNanos(left - awakeNanos);
            } else {
                Thread.yield();
            }
        }
    }
}
