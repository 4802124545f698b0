package netmem.server.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Memory in huge pages is memory like any other, Linux does give huge pages for it, and it is gone when it is closed. */
@Timeout(60)
final class HugePagesTest {
    private static final int PAGE_LENGTH = 4096;
    private static final long PAGES = (32L << 20) / PAGE_LENGTH;

    @TempDir
    Path folder;

    @Test
    void huge_pageByPage_keepsBytesAndVersions() throws IOException {
        assumeTrue(HugePages.obstacle().isEmpty(), () -> HugePages.obstacle().toString());
        try (PageMemory memory = PageMemory.huge(PAGES, PAGE_LENGTH, 1, 2)) {
            for (long page = 0; page < PAGES; page += 97) {
                write(memory, page, page);
            }
            ByteBuffer target = ByteBuffer.allocate(PAGE_LENGTH);
            for (long page = 0; page < PAGES; page++) {
                boolean written = page % 97 == 0;
                assertEquals(written ? 2 : 1, memory.read(page, 0, PAGE_LENGTH, target.clear()));
                assertEquals(written ? page : 0, target.getLong(0));
                assertEquals(0, target.getLong(PAGE_LENGTH - 8));
            }
        }
    }

    @Test
    void huge_written_isHeldInHugePages_andGivenBack() throws IOException {
        assumeTrue(HugePages.obstacle().isEmpty(), () -> HugePages.obstacle().toString());
        long before = hugeBytes();
        PageMemory memory = PageMemory.huge(PAGES, PAGE_LENGTH, 1, 2);
        memory.commitAll();
        long held = hugeBytes() - before;
        assertTrue(held >= 16 << 20, held + " bytes of huge pages for " + memory.totalBytes());
        memory.close();
        memory.close();
        assertTrue(hugeBytes() - before < 4 << 20, "given back");
        assertThrows(IllegalStateException.class, () -> memory.version(0));
    }

    @Test
    void allocate_moreThanThereAreAddresses_isAnErrorWithItsNumber() throws IOException {
        assumeTrue(HugePages.obstacle().isEmpty(), () -> HugePages.obstacle().toString());
        try (Arena arena = Arena.ofShared()) {
            IOException refused = assertThrows(IOException.class, () -> HugePages.allocate(1L << 50, arena));
            assertEquals(
                    "mmap of " + ((1L << 50) + HugePages.HUGE_PAGE_BYTES) + " bytes: error number 12 of the system",
                    refused.getMessage());
        }
    }

    @Test
    void obstacle_asTheSystemIsSet() throws IOException {
        Module caller = HugePages.class.getModule();
        assumeTrue(caller.isNativeAccessEnabled(), "needs --enable-native-access");
        assertEquals(Optional.empty(), HugePages.obstacle(setting("[always] madvise never"), caller));
        assertEquals(Optional.empty(), HugePages.obstacle(setting("always [madvise] never"), caller));
        Path never = setting("always madvise [never]");
        assertEquals(
                Optional.of(never + " is always madvise [never] (expected: [always] or [madvise])"),
                HugePages.obstacle(never, caller));
        assertTrue(HugePages.obstacle(folder.resolve("none"), caller)
                .orElseThrow()
                .startsWith("this system does not tell whether it has any: "));
    }

    @Test
    void hugeObstacle_moreThanIsAvailable_namesBoth() {
        assumeTrue(HugePages.obstacle().isEmpty(), () -> HugePages.obstacle().toString());
        ArenaLayout layout = ArenaLayout.of(16, PAGE_LENGTH);
        assertEquals(Optional.empty(), AnonymousArena.hugeObstacle(layout, layout.totalBytes()));
        assertEquals(
                Optional.of("the arena takes " + layout.totalBytes() + " bytes (expected: <= 5, the memory available,"
                        + " since no write could be refused later)"),
                AnonymousArena.hugeObstacle(layout, 5));
    }

    private Path setting(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "enabled", ""), text + "\n");
    }

    private static void write(PageMemory memory, long page, long value) {
        memory.beginWrite(page);
        memory.write(page, 0, ByteBuffer.allocate(Long.BYTES).putLong(0, value));
        memory.endWrite(page, 2);
    }

    /** What this process has of its memory in huge pages. */
    private static long hugeBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/smaps_rollup")).stream()
                .filter(line -> line.startsWith("AnonHugePages:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .sum();
    }
}
