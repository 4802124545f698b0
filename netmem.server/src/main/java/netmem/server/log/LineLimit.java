package netmem.server.log;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets {@value #BURST} lines of a kind through in {@value #WINDOW_SECONDS} seconds, and counts the others. Shared:
 * guarded by its own monitor, inside which nothing is written and nothing else is taken; so the lines that are
 * written and the counts that are told add up to those that came.
 */
public final class LineLimit {
    private static final int BURST = 10;
    private static final int WINDOW_SECONDS = 60;

    /** Those of this JVM, by whose lines they are. */
    private static final Map<String, LineLimit> ALL = new ConcurrentHashMap<>();

    private final String whose;
    private final LongSupplier nanos;
    private long windowNanos;
    private int lines;
    private long leftOut;
    private String last = "";

    LineLimit(String whose, LongSupplier nanos) {
        this.whose = whose;
        this.nanos = nanos;
        this.windowNanos = nanos.getAsLong();
    }

    /**
     * For one kind of line; kept for the life of the JVM.
     *
     * @param whose name of a logger
     * @return always the same for one name
     */
    public static LineLimit of(String whose) {
        return ALL.computeIfAbsent(whose, _ -> new LineLimit(whose, System::nanoTime));
    }

    /** All that were asked for. */
    static Collection<LineLimit> all() {
        return ALL.values();
    }

    /**
     * A line has come.
     *
     * @param message whole
     * @return what is to be written, with the count of what was left out before; null for nothing
     */
    public synchronized @Nullable String text(String message) {
        if (isWindowOver()) {
            windowNanos = nanos.getAsLong();
            lines = 0;
        }
        if (lines >= BURST) {
            leftOut++;
            last = message;
            return null;
        }
        lines++;
        String before = leftOut > 0 ? " (" + leftOut + " like it were left out before)" : "";
        leftOut = 0;
        return message + before + (lines == BURST ? " (more like it are left out for a while)" : "");
    }

    private boolean isWindowOver() {
        return nanos.getAsLong() - windowNanos >= TimeUnit.SECONDS.toNanos(WINDOW_SECONDS);
    }

    /**
     * What is to be told where no line has come since; null for nothing.
     *
     * @param all also within the seconds in which more may be left out
     */
    synchronized @Nullable String leftOut(boolean all) {
        if (leftOut == 0 || !(all || isWindowOver())) {
            return null;
        }
        String told = whose + ": " + leftOut + " lines were left out, the last of them: " + last;
        leftOut = 0;
        return told;
    }
}
