package netmem.server.log;

import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The only way to the server's log: {@code System.Logger}s named after classes. What a handler throws is its own affair and ends nothing here, not
 * even where it is an {@code Error}: event loops log. Shared.
 *
 * <p>A line that clients can cause is limited by a {@link LineLimit}: so no client can fill a disk. Each such kind of
 * line has a log of its own ({@link #limited}). What was left out is told by the next line of the kind or, where
 * there is none, by {@link #tellLeftOut} soon after.
 */
public final class Log {
    private final Class<?> origin;
    private final @Nullable LineLimit limit;

    private Log(Class<?> origin, @Nullable LineLimit limit) {
        this.origin = origin;
        this.limit = limit;
    }

    /**
     * For lines that the server alone causes.
     *
     * @param origin whose log it is
     * @return without a limit
     */
    public static Log of(Class<?> origin) {
        return new Log(origin, null);
    }

    /**
     * For one kind of line that clients can cause; kept for the life of the JVM, so for constants.
     *
     * @param origin whose log it is
     * @return which leaves out what comes too often
     */
    public static Log limited(Class<?> origin) {
        return new Log(origin, LineLimit.of(origin.getName()));
    }

    /** The same with another clock; of what it leaves out only its own lines tell. */
    static Log limited(Class<?> origin, LongSupplier nanos) {
        return new Log(origin, new LineLimit(origin.getName(), nanos));
    }

    /**
     * Writes a line for each kind of which lines were left out that nothing has told of yet.
     *
     * @param all also those of which more may be left out still, since a server ends
     */
    public static void tellLeftOut(boolean all) {
        Log log = of(Log.class);
        for (LineLimit limit : LineLimit.all()) {
            String told = limit.leftOut(all);
            if (told != null) {
                log.log(Level.WARNING, told);
            }
        }
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
        try {
            String text = limit == null ? message : limit.text(message);
            if (text != null) {
                System.getLogger(origin.getName()).log(level, text, thrown);
            }
        } catch (Throwable _) { // there is nobody left to tell
            return;
        }
    }
}
