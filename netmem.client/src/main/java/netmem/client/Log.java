package netmem.client;

import org.jspecify.annotations.Nullable;

/**
 * The only way to the client's log, {@code System.Logger} "netmem.client". A handler is the program's: what it throws ends nothing
 * here, not even an {@code Error}, and where it blocks nobody waits for it, since each line is logged by a thread of its own. The
 * client logs little: a line when something ends. Shared; without state.
 */
final class Log {
    private Log() {}

    /** Logs a line, with what was thrown if there is any. The logger is found when first needed: who logs nothing loads no logging. */
    @SuppressWarnings("EmptyCatch") // there is nobody left to tell
    static void log(System.Logger.Level level, String message, @Nullable Throwable thrown) {
        try {
            Thread.ofVirtual().name("netmem-log").start(() -> write(level, message, thrown));
        } catch (Throwable _) { // no memory for it
        }
    }

    @SuppressWarnings("EmptyCatch") // there is nobody left to tell
    private static void write(System.Logger.Level level, String message, @Nullable Throwable thrown) {
        try {
            System.getLogger("netmem.client").log(level, message, thrown);
        } catch (Throwable _) { // as said above
        }
    }
}
