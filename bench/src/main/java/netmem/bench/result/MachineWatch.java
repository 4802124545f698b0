package netmem.bench.result;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Watches what the machine does beside the bench, from Linux' /proc, and tells on a stream when that is much: at once what was
 * there before, at the end what came. Shared by the one who made it and a thread that looks every second.
 */
public final class MachineWatch implements AutoCloseable {
    private static final long PAUSE_MILLIS = 1000;
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int STEAL = 7;

    /** Sums since the start of the machine, and the load of the last minute; below 0 where unknown. */
    private record Sample(int processors, double load, long allTicks, long busyTicks, long stealTicks, long ownNanos) {}

    private final Path proc;
    private final Supplier<Long> ownNanos;
    private final PrintWriter err;
    private final Sample first;
    private final Thread watcher;
    private double loadDuring; // guarded by this

    MachineWatch(Path proc, Supplier<Long> ownNanos, PrintWriter err) {
        this.proc = proc;
        this.ownNanos = ownNanos;
        this.err = err;
        this.first = sample();
        this.loadDuring = first.load;
        tell(Disturbance.before(first.processors, first.load));
        this.watcher = Thread.ofPlatform().daemon().name("machine-watch").start(this::watch);
    }

    /** Begins; call it before anything of the measurement is started. */
    public static MachineWatch start(PrintWriter err) {
        return new MachineWatch(Path.of("/proc"), new OwnTime(), err);
    }

    /** What was found until now, told on the stream when it is much. */
    public Disturbance found() {
        Sample last = sample();
        look(last.load);
        double ticks = last.allTicks - first.allTicks;
        boolean known = first.allTicks >= 0 && ticks > 0;
        double own = (double) (last.ownNanos - first.ownNanos) / NANOS_PER_TICK;
        Disturbance found = new Disturbance(
                first.processors,
                first.load,
                highest(),
                known ? Math.clamp((last.busyTicks - first.busyTicks - own) / ticks, 0, 1) : -1,
                known ? Math.clamp((last.stealTicks - first.stealTicks) / ticks, 0, 1) : -1);
        tell(found);
        return found;
    }

    private void tell(Disturbance disturbance) {
        disturbance.warnings().forEach(warning -> err.println("netmem-bench: " + warning));
        err.flush();
    }

    private void watch() {
        try {
            for (; ; ) {
                Thread.sleep(PAUSE_MILLIS);
                look(sample().load);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private synchronized void look(double load) {
        loadDuring = Math.max(loadDuring, load);
    }

    private synchronized double highest() {
        return loadDuring;
    }

    private Sample sample() {
        double load = -1;
        try {
            load = Double.parseDouble(Files.readString(proc.resolve("loadavg")).split(" ", 2)[0]);
        } catch (IOException | NumberFormatException e) {
            // a system that does not tell it
        }
        try {
            List<String> lines = Files.readAllLines(proc.resolve("stat"));
            int processors = (int)
                    lines.stream().filter(line -> line.matches("cpu\\d.*")).count();
            long[] ticks = Stream.of(lines.getFirst().split(" +", -1))
                    .skip(1)
                    .limit(STEAL + 1)
                    .mapToLong(Long::parseLong)
                    .toArray();
            long all = 0;
            for (long each : ticks) {
                all += each;
            }
            long busy = all - ticks[IDLE] - ticks[IO_WAIT] - ticks[STEAL];
            return new Sample(processors, load, all, busy, ticks[STEAL], ownNanos.get());
        } catch (IOException | RuntimeException e) { // no such file, or one of another form
            return new Sample(Runtime.getRuntime().availableProcessors(), load, -1, -1, -1, 0);
        }
    }

    /** Ends the looking. */
    @Override
    public void close() {
        watcher.interrupt();
    }

    /** Processor time of this process and all that it started, also of those that have ended, as far as it was looked at. */
    private static final class OwnTime implements Supplier<Long> {
        private final Map<Long, Long> nanosOf = new HashMap<>(); // guarded by this

        @Override
        public synchronized Long get() {
            ProcessHandle self = ProcessHandle.current();
            Stream.concat(Stream.of(self), self.descendants()).forEach(process -> {
                Duration used = process.info().totalCpuDuration().orElse(Duration.ZERO);
                nanosOf.merge(process.pid(), used.toNanos(), Math::max);
            });
            return nanosOf.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
