package netmem.server.log;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The only way to the server's log: {@code System.Logger}s named after classes. What a handler throws is its own affair and ends nothing here, not
 * even where it is an {@code Error}: event loops log. Shared.
 *
 * <p>A line that clients can cause is written {@value #BURST} times in {@value #WINDOW_SECONDS} seconds at most; the next one after that says how many were
 * left out. So no client can fill a disk. Each such kind of line has a log of its own ({@link #limited}).
 *
 * <pre>
 *   field        access        guard
 *   windowNanos  atomic        whoever moves it on begins a new window
 *   lines        atomic        counts the lines of the window, those left out too; a line at its turn may fall to either window
 * </pre>
 */
public final class Log {
    private static final int BURST = 10;
    private static final int WINDOW_SECONDS = 60;

    private final Class<?> origin;
    private final int linesMax;
    private final LongSupplier nanos;
    private final AtomicLong windowNanos;
    private final AtomicInteger lines = new AtomicInteger();

    private Log(Class<?> origin, int linesMax, LongSupplier nanos) {
        this.origin = origin;
        this.linesMax = linesMax;
        this.nanos = nanos;
        this.windowNanos = new AtomicLong(nanos.getAsLong());
    }

    /**
     * For lines that the server alone causes.
     *
     * @param origin whose log it is
     * @return without a limit
     */
    public static Log of(Class<?> origin) {
        return new Log(origin, Integer.MAX_VALUE, System::nanoTime);
    }

    /**
     * For one kind of line that clients can cause.
     *
     * @param origin whose log it is
     * @return which leaves out what comes too often
     */
    public static Log limited(Class<?> origin) {
        return limited(origin, System::nanoTime);
    }

    /** The same with another clock. */
    static Log limited(Class<?> origin, LongSupplier nanos) {
        return new Log(origin, BURST, nanos);
    }

    /**
     * Writes a line, unless it came too often.
     *
     * @param level of the line
     * @param message whole
     */
    public void log(Level level, String message) {
        log(level, message, null);
    }

    /**
     * Writes a line and what was thrown, unless it came too often.
     *
     * @param level of the line
     * @param message whole
     * @param thrown or null
     */
    public void log(Level level, String message, @Nullable Throwable thrown) {
        int leftOut = leftOut();
        int line = lines.incrementAndGet();
        if (line > linesMax && leftOut == 0) {
            return;
        }
        String text = leftOut > 0 ? message + " (" + leftOut + " like it were left out before)" : message;
        write(level, line == linesMax ? text + " (more like it are left out for a while)" : text, thrown);
    }

    /** Begins a new window when the last one is over; how many lines that one left out. */
    private int leftOut() {
        long begun = windowNanos.get();
        long now = nanos.getAsLong();
        if (now - begun < TimeUnit.SECONDS.toNanos(WINDOW_SECONDS) || !windowNanos.compareAndSet(begun, now)) {
            return 0;
        }
        return Math.max(0, lines.getAndSet(0) - linesMax);
    }

    private void write(Level level, String message, @Nullable Throwable thrown) {
        try {
            System.getLogger(origin.getName()).log(level, message, thrown);
        } catch (Throwable _) { // there is nobody left to tell
            return;
        }
    }
}
