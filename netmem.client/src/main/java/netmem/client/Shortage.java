package netmem.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import netmem.api.Outcome;

/**
 * For threads that nobody would miss at once, and that must outlive a passing shortage of memory. Pure.
 *
 * <p>Such a thread does all of its work inside a loop of this kind, in which nothing outside of {@code try} takes heap: no
 * lambda that captures, no text put together, no iterator.
 * <pre>
 *   while (goingOn) {
 *       try {
 *           step();                          // changes nothing before it has its memory, or may be done again
 *       } catch (VirtualMachineError e) {
 *           Shortage.rest();
 *       }
 *   }
 * </pre>
 */
final class Shortage {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Shortage() {}

    /**
     * Has classes made ready while there is memory: one that is first used in a shortage cannot be, and one whose
     * initialization fails for want of memory can never be used again.
     */
    static void prepare() {
        Failure.Undelivered.prepare();
        Log.prepare();
    }

    /**
     * Makes what a call needs of the heap before anything is sent; where there is none the call fails without effect.
     * The text that names it, {@code what} and a number, is put together only then.
     */
    static <T> T named(String what, long number, Supplier<T> made) {
        try {
            return made.get();
        } catch (VirtualMachineError e) {
            throw Failure.noMemory(Outcome.NO_EFFECT, what + " " + number, e);
        }
    }

    /** A pause before the next try. Takes no heap. */
    static void rest() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    /**
     * Does something until there is memory for it. Blocks as long as that takes.
     *
     * @param task made beforehand; changes nothing before it has all the memory that it needs, or may be done again
     *     after a part of it
     */
    static void outlast(Runnable task) {
        for (; ; ) {
            try {
                task.run();
                return;
            } catch (VirtualMachineError e) {
                rest();
            }
        }
    }
}
