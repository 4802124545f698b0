package netmem.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The only way to the client's log, {@code System.Logger} "netmem.client". A handler is the program's: what it throws
 * ends nothing here, not even an {@code Error}, and where it blocks nobody waits for it, since another thread writes
 * the lines, in their order. Shared.
 */
final class Log {
    /** Lines that a slow handler is behind; past it they are left out, and the next says how many. */
    private static final int LINES_MAX = 256;

    private static final long FLUSH_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    private static final Mailbox<Line> LINES = new Mailbox<>("netmem-log", LINES_MAX, Log::write);
    private static final AtomicLong LEFT = new AtomicLong();

    private record Line(
            System.Logger logger,
            System.Logger.Level level,
            String message,
            @Nullable Throwable thrown) {}

    private Log() {}

    /** Makes the class ready, see {@link Shortage#prepare}. */
    static void prepare() {}

    /** Logs a line, with what was thrown if there is any. The logger is found when first needed: who logs nothing loads no logging. */
    @SuppressWarnings("EmptyCatch") // there is nobody left to tell
    static void log(System.Logger.Level level, String message, @Nullable Throwable thrown) {
        try {
            System.Logger logger = System.getLogger("netmem.client");
            if (logger.isLoggable(level) && !LINES.put(new Line(logger, level, message, thrown))) {
                LEFT.incrementAndGet();
            }
        } catch (Throwable _) { // no memory for it, or a logger that throws
        }
    }

    /** Waits until the lines so far are written, for a second at most: a program may end after it has closed its client. */
    static void flush() {
        LINES.awaitTaken(FLUSH_NANOS_MAX);
    }

    @SuppressWarnings("EmptyCatch") // there is nobody left to tell
    private static void write(Line line) {
        try {
            long left = LEFT.getAndSet(0);
            String before = left == 0 ? "" : "(" + left + " lines before were left out) ";
            line.logger.log(line.level, before + line.message, line.thrown);
        } catch (Throwable _) { // as said above
        } finally {
            boolean _ = Thread.interrupted();
        }
    }
}
