package netmem.bench.load;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Tells now and then, on a stream, what is being measured and how long it will still take. Shared. */
public final class Progress implements AutoCloseable {
    private static final long PAUSE_MILLIS = 4000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter out;
    private final long plannedNanos;
    private final long startNanos = System.nanoTime();
    private final Thread teller;
    private String doing = "starting";
    private long nextNanos;
    private long begunNanos;

    /**
     * Begins.
     *
     * @param planned what all that will be {@linkplain #begins begun} takes
     */
    public Progress(PrintWriter out, Duration planned) {
        this.out = out;
        this.plannedNanos = Math.max(1, planned.toNanos());
        this.teller = Thread.ofPlatform().daemon().name("progress").start(this::tell);
    }

    /** Says what begins now, and how long it takes by plan. */
    public synchronized void begins(String what, Duration takes) {
        doing = what;
        begunNanos += nextNanos;
        nextNanos = takes.toNanos();
    }

    private void tell() {
        try {
            for (; ; ) {
                Thread.sleep(PAUSE_MILLIS);
                out.println(line((System.nanoTime() - startNanos) / NANOS_PER_SECOND));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** The rest takes as much longer than planned as what is done did. */
    synchronized String line(double secondsPassed) {
        double secondsBegun = begunNanos / NANOS_PER_SECOND;
        double slower =
                secondsBegun == 0 ? 1 : Math.max(1, secondsPassed / (secondsBegun + nextNanos / NANOS_PER_SECOND));
        double left = (plannedNanos - begunNanos) / NANOS_PER_SECOND * slower;
        return String.format(Locale.ROOT, "%.0f s; about %.0f s left; %s", secondsPassed, Math.max(1, left), doing);
    }

    /** Says nothing more. */
    @Override
    public void close() {
        teller.interrupt();
    }
}
