package netmem.client;

import org.jspecify.annotations.Nullable;

/**
 * The only way to the client's log, {@code System.Logger} "netmem.client". What a handler throws is its own affair and ends nothing here: not even
 * an {@code Error}, since the thread that keeps the client connected logs too. Shared; without state.
 */
final class Log {
    private Log() {}

    /** Logs a line, with what was thrown if there is any. The logger is found when first needed: who logs nothing loads no logging. */
    @SuppressWarnings("EmptyCatch") // there is nobody left to tell
    static void log(System.Logger.Level level, String message, @Nullable Throwable thrown) {
        try {
            System.getLogger("netmem.client").log(level, message, thrown);
        } catch (Throwable _) { // as said above
        }
    }
}
