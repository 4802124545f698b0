package netmem.client;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The only way to the client's log, {@code System.Logger} "netmem.client". A handler is the program's: what it throws
 * ends nothing here, not even an {@code Error}, and where it blocks nobody waits for it, since another thread writes
 * the lines, in their order. Shared.
 *
 * <pre>
 *   field     access      guard
 *   lines     concurrent  its own
 *   writing   atomic      true while a thread writes, or is about to look whether there is anything to write
 *   left      atomic      lines that were left out, as far as nobody was told
 * </pre>
 *
 * No line stays: who puts one in starts a writer unless there is one, and a writer looks once more after it said that
 * it is done.
 */
final class Log {
    /** Lines that a slow handler is behind; past it they are left out, and the next says how many. */
    private static final int LINES_MAX = 256;

    private static final LinkedBlockingQueue<Line> LINES = new LinkedBlockingQueue<>(LINES_MAX);
    private static final AtomicBoolean WRITING = new AtomicBoolean();
    private static final AtomicLong LEFT = new AtomicLong();

    private record Line(
            System.Logger logger,
            System.Logger.Level level,
            String message,
            @Nullable Throwable thrown) {}

    private Log() {}

    /** Logs a line, with what was thrown if there is any. The logger is found when first needed: who logs nothing loads no logging. */
    @SuppressWarnings("EmptyCatch") // there is nobody left to tell
    static void log(System.Logger.Level level, String message, @Nullable Throwable thrown) {
        try {
            System.Logger logger = System.getLogger("netmem.client");
            if (!logger.isLoggable(level)) {
                return;
            }
            if (!LINES.offer(new Line(logger, level, message, thrown))) {
                LEFT.incrementAndGet();
            }
            if (WRITING.compareAndSet(false, true)) {
                start();
            }
        } catch (Throwable _) { // no memory for it, or a logger that throws
        }
    }

    private static void start() {
        try {
            Thread.ofVirtual().name("netmem-log").start(Log::write);
        } catch (Throwable e) {
            WRITING.set(false);
            throw e;
        }
    }

    private static void write() {
        do {
            for (Line line = LINES.poll(); line != null; line = LINES.poll()) {
                write(line);
            }
            WRITING.set(false);
        } while (!LINES.isEmpty() && WRITING.compareAndSet(false, true));
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
