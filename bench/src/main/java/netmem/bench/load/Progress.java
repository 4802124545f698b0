package netmem.bench.load;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Tells now and then, on a stream, what is being measured and how long it will still take. Shared. */
public final class Progress implements AutoCloseable {
    private static final long PAUSE_MILLIS = 4000;
    private static final double MILLIS_PER_SECOND = 1000;

    private final PrintWriter out;
    private final double secondsPlanned;
    private final long startNanos = System.nanoTime();
    private final Thread teller;
    private volatile String doing = "starting";

    /**
     * Begins.
     *
     * @param planned how long all will take
     */
    public Progress(PrintWriter out, Duration planned) {
        this.out = out;
        this.secondsPlanned = planned.toMillis() / MILLIS_PER_SECOND;
        this.teller = Thread.ofPlatform().daemon().name("progress").start(this::tell);
    }

    /** Says what begins now. */
    public void begins(String what) {
        // pairs with tell: a text and nothing beside it
        doing = what;
    }

    private void tell() {
        try {
            for (; ; ) {
                Thread.sleep(PAUSE_MILLIS);
                double seconds = (System.nanoTime() - startNanos) / 1e9;
                out.printf(
                        Locale.ROOT,
                        "%.0f s; about %.0f s left; %s%n",
                        seconds,
                        Math.max(1, secondsPlanned - seconds),
                        doing);
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** Says nothing more. */
    @Override
    public void close() {
        teller.interrupt();
    }
}
