package netmem.api.wire;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Counts what the calling thread has allocated on the heap. By reflection, since this module does not read the one that counts.
 */
final class AllocatedBytes {
    private final MethodHandle count;

    AllocatedBytes() {
        try {
            Object threads = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            count = MethodHandles.publicLookup()
                    .findVirtual(
                            Class.forName("com.sun.management.ThreadMXBean"),
                            "getCurrentThreadAllocatedBytes",
                            MethodType.methodType(long.class))
                    .bindTo(threads);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no count of allocated bytes", e);
        }
    }

    long now() {
        try {
            return (long) count.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
