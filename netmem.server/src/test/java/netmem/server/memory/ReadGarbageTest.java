package netmem.server.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads and writes of native pages leave no garbage once compiled, whatever kind of buffer they go to. */
@Timeout(120)
final class ReadGarbageTest {
    private static final int ROUNDS = 200_000;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readAndWrite_steadyState_allocateNothing(boolean direct) throws Exception {
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(256) : ByteBuffer.allocate(256);
        try (PageMemory memory = PageMemory.anonymous(64, 256, 1, 2)) {
            long version = PageMemory.VERSION_FIRST;
            long least = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 10 && least > 0; attempt++) {
                long before = allocatedBytes();
                version = writeAndReadAll(memory, buffer, version);
                least = Math.min(least, allocatedBytes() - before - cost());
            }
            assertTrue(least <= 0, least + " bytes in " + ROUNDS + " rounds");
        }
    }

    private static long writeAndReadAll(PageMemory memory, ByteBuffer buffer, long first) {
        long version = first;
        for (int round = 0; round < ROUNDS; round++) {
            long page = round & 63;
            if (page == 0) {
                version++;
            }
            memory.beginWrite(page);
            memory.write(page, 0, buffer.clear());
            memory.endWrite(page, version);
            long seen = memory.read(page, 0, 256, buffer.clear());
            if (seen != version || !memory.isCurrent(page, version)) {
                assertEquals(version, seen);
            }
        }
        return version;
    }

    /** What asking costs. */
    private static long cost() throws ReflectiveOperationException {
        long before = allocatedBytes();
        return allocatedBytes() - before;
    }

    /** Bytes this thread has allocated so far; by reflection, for the server's module does not read java.management. */
    private static long allocatedBytes() throws ReflectiveOperationException {
        Object threads = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        Method allocated = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
        return (long) allocated.invoke(threads);
    }
}
