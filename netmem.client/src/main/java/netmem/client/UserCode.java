package netmem.client;

/** The program's own code, where a thread of the client runs it. Without state. */
final class UserCode {
    private UserCode() {}

    /**
     * Runs it; {@code what} is for messages. Whatever it does (throw anything, a checked exception of another
     * language too, or leave the interrupt flag set), the thread goes on: what was thrown goes to the thread's
     * uncaught exception handler, which may throw as well.
     */
    static void run(Object what, Runnable code) {
        try {
            code.run();
        } catch (Throwable e) {
            report(what, e);
        } finally {
            boolean _ = Thread.interrupted(); // else the thread would never rest again
        }
    }

    private static void report(Object what, Throwable thrown) {
        Thread self = Thread.currentThread();
        try {
            self.getUncaughtExceptionHandler().uncaughtException(self, thrown);
        } catch (Throwable e) { // the handler is the program's too
            e.addSuppressed(thrown);
            Log.log(System.Logger.Level.WARNING, what + ": the uncaught exception handler threw", e);
        }
    }
}
