package netmem.server;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import netmem.server.log.LineLimit;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a handler of the program's log. What the handler throws ends nothing: event loops log, those of Netty
 * too. And lines of others than the server, which limits its own, are limited: Netty writes of what goes wrong in
 * event loops, and so of what clients cause. Shared.
 */
final class GuardedHandler extends Handler {
    /** Names of the server's own loggers begin so. */
    private static final String OWN = GuardedHandler.class.getPackageName() + ".";

    private final Handler guarded;

    GuardedHandler(Handler guarded) {
        this.guarded = guarded;
        setLevel(guarded.getLevel());
    }

    @Override
    public void publish(LogRecord line) {
        try {
            String text = isLoggable(line) ? text(line) : null;
            if (text != null) {
                line.setMessage(text);
                guarded.publish(line);
            }
        } catch (Throwable _) { // there is nobody left to tell
            return;
        }
    }

    /** Each logger of others is one kind of line. */
    private static @Nullable String text(LogRecord line) {
        String origin = String.valueOf(line.getLoggerName());
        String message = String.valueOf(line.getMessage());
        return origin.startsWith(OWN) ? message : LineLimit.of(origin).text(message);
    }

    @Override
    public void flush() {
        guarded.flush();
    }

    @Override
    public void close() {
        guarded.close();
    }
}
