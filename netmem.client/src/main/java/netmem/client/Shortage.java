package netmem.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** For threads that nobody would miss at once, and that must outlive a passing shortage of memory. Pure. */
final class Shortage {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Shortage() {}

    /**
     * Does something until there is memory for it; it may be done in part before. Blocks as long as that takes.
     *
     * @param task changes nothing before it has all the memory that it needs, or may be done again after a part of it
     * @return what it returns
     */
    static <T extends @Nullable Object> T outlast(Supplier<T> task) {
        for (; ; ) {
            try {
                return task.get();
            } catch (VirtualMachineError e) {
                LockSupport.parkNanos(task, PAUSE_NANOS);
            }
        }
    }

    /** The same for what returns nothing. */
    static void outlast(Runnable task) {
        outlast(() -> {
            task.run();
            return true;
        });
    }
}
