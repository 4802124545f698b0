package netmem.server;

import java.io.OutputStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import netmem.server.log.Log;

/** How the program logs: one line a record on standard error, with the time in ISO 8601 and its zone. */
final class ServerLogging {
    private static final String FORMAT_PROPERTY = "java.util.logging.SimpleFormatter.format";

    /** Time, level, origin, message, and what was thrown on lines of its own. */
    private static final String FORMAT = "%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n";

    private ServerLogging() {}

    /**
     * Sets the level, has each handler {@linkplain GuardedHandler guarded}, sets the format unless the JVM was told
     * another, and has all loaded that a line needs, time zones above all: the first line may have to be written when
     * no file can be opened any more.
     */
    static void prepare(System.Logger.Level least) {
        if (System.getProperty(FORMAT_PROPERTY) == null) {
            System.setProperty(FORMAT_PROPERTY, FORMAT);
        }
        Level level = level(least);
        Logger root = Logger.getLogger("");
        root.setLevel(level);
        for (Handler handler : root.getHandlers()) {
            handler.setLevel(level);
            root.removeHandler(handler);
            root.addHandler(new GuardedHandler(handler));
        }
        LogRecord first = new LogRecord(Level.WARNING, "prepared");
        first.setLoggerName(ServerLogging.class.getName());
        first.setThrown(new IllegalStateException("prepared", new IllegalArgumentException("prepared")));
        StreamHandler nowhere = new StreamHandler(OutputStream.nullOutputStream(), new SimpleFormatter());
        GuardedHandler guarded = new GuardedHandler(nowhere);
        guarded.publish(first);
        first.setLoggerName("prepared"); // of others
        guarded.publish(first);
        guarded.close();
        Log.of(ServerLogging.class).log(System.Logger.Level.TRACE, "prepared", first.getThrown());
    }

    private static Level level(System.Logger.Level least) {
        return switch (least) {
            case ERROR -> Level.SEVERE;
            case WARNING -> Level.WARNING;
            case DEBUG -> Level.FINE;
            default -> Level.INFO;
        };
    }
}
