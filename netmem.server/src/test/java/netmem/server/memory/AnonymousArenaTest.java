package netmem.server.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where anonymous memory comes from, what a large one costs, and what happens when the host has too little. */
@Timeout(60)
final class AnonymousArenaTest {
    private static final Path MEMORY_FILES = Path.of("/dev/shm");
    private static final long GIBIBYTE = 1L << 30;
    private static final ArenaLayout SMALL = ArenaLayout.of(10, 64);

    @TempDir
    Path folder;

    @Test
    void create_eightGibibytes_isFastAndTouchesNextToNothing() throws IOException {
        assumeTrue(HostMemory.obstacle(MEMORY_FILES, 9 * GIBIBYTE).isEmpty(), "needs 9 GiB on /dev/shm");
        long pages = 8 * GIBIBYTE / 4096;
        long residentBefore = residentBytes();
        long start = System.nanoTime();
        try (PageMemory memory = PageMemory.anonymous(pages, 4096, 1, 2)) {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            long resident = residentBytes() - residentBefore;
            System.out.println("8 GiB: " + took.toNanos() / 1_000 + " us, resident " + resident / 1024 + " KiB");
            assertTrue(took.toMillis() < 1_000, "took " + took);
            assertTrue(resident < 64 << 20, "resident " + resident);

            for (long page : new long[] {0, GIBIBYTE / 4096, pages - 1}) {
                memory.beginWrite(page);
                memory.write(page, 4095, ByteBuffer.wrap(new byte[] {(byte) 42}));
                memory.endWrite(page, 2);
                ByteBuffer target = ByteBuffer.allocate(4096);
                assertEquals(2, memory.read(page, 0, 4096, target));
                assertEquals(42, target.get(4095));
            }
        }
    }

    @Test
    void read_allOfAnUntouchedGibibyte_commitsOnlyTheTable() throws IOException {
        assumeTrue(HostMemory.obstacle(MEMORY_FILES, 2 * GIBIBYTE).isEmpty(), "needs 2 GiB on /dev/shm");
        long pages = GIBIBYTE / 65_536;
        ByteBuffer target = ByteBuffer.allocateDirect(65_536);
        ByteBuffer zeros = ByteBuffer.allocate(65_536);
        long residentBefore = residentBytes();
        try (PageMemory memory = PageMemory.anonymous(pages, 65_536, 1, 2)) {
            for (long page = 0; page < pages; page++) {
                target.clear().put(0, (byte) 1).put(65_535, (byte) 1);
                assertEquals(1, memory.read(page, 0, 65_536, target));
                assertEquals(zeros, target.flip());
            }
            long resident = residentBytes() - residentBefore;
            assertTrue(resident < 64 << 20, "resident " + resident);
        }
    }

    @Test
    void beginWrite_hostWithoutRoomForAFirstWrite_isRefusedAndChangesNothing() throws IOException {
        RandomAccessFile file = new RandomAccessFile(folder.resolve("arena").toFile(), "rw");
        ArenaBacking backing = ArenaBacking.mapped("a file that fails", file, SMALL, file);
        try (PageMemory memory = new NativePages(backing, SMALL)) {
            memory.beginWrite(1);
            memory.endWrite(1, 2);
            file.close();

            MemoryExhaustedException refused = assertThrows(MemoryExhaustedException.class, () -> memory.beginWrite(7));
            assertEquals("memory for page: none left on a file that fails page=7", refused.getMessage());
            assertTrue(memory.isCurrent(7, 1));
            memory.beginWrite(1);
            memory.endWrite(1, 3);
            assertEquals(3, memory.version(1));
        }
    }

    /** Reads of pages that were never written, and of versions, need nothing that could be refused later. */
    @Test
    void table_isTakenAtTheStart_andPagesByTheirFirstWriteOrAllAtOnce() throws IOException {
        ArenaLayout layout = ArenaLayout.of(1 << 14, 4096);
        Path path = folder.resolve("arena");
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try (PageMemory memory = new NativePages(ArenaBacking.mapped("a file", file, layout, file), layout)) {
            long taken = takenBytes(path);
            assertTrue(taken >= layout.dataOffset() && taken < 2 * layout.dataOffset(), "taken: " + taken);
            for (long page = 0; page < layout.pageCount(); page++) {
                assertEquals(1, memory.read(page, 0, 8, ByteBuffer.allocate(8)));
            }
            assertEquals(taken, takenBytes(path));
            memory.commitAll();
            assertTrue(takenBytes(path) >= layout.totalBytes(), "taken: " + takenBytes(path));
        }
    }

    private static long takenBytes(Path file) throws IOException {
        Process du = new ProcessBuilder("du", "-B1", file.toString()).start();
        String line = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Long.parseLong(line.substring(0, line.indexOf('\t')));
    }

    @Test
    void create_onMemoryFiles_leavesNoName() throws IOException {
        try (PageMemory memory = AnonymousArena.create(SMALL, 1, 2, folder, Long.MAX_VALUE)) {
            assertEquals(0, fileCount());
            assertTrue(memory.toString().contains("memory without a name on " + folder), memory.toString());
            assertEquals(1, memory.version(9));
        }
    }

    @Test
    void create_withoutMemoryFiles_allocates() throws IOException {
        try (PageMemory memory = AnonymousArena.create(SMALL, 1, 2, folder.resolve("none"), SMALL.totalBytes())) {
            assertTrue(memory.toString().contains("allocated memory"), memory.toString());
            ByteBuffer target = ByteBuffer.allocate(64);
            assertEquals(1, memory.read(9, 0, 64, target));
            assertEquals(ByteBuffer.allocate(64), target.flip());
        }
    }

    @Test
    void create_neitherFilesNorMemory_namesBoth() {
        Path none = folder.resolve("none");
        IOException refused =
                assertThrows(IOException.class, () -> AnonymousArena.create(SMALL, 1, 2, none, SMALL.totalBytes() - 1));
        assertEquals(
                "arena: 10 pages of 64 bytes, 8832 bytes in all (expected: <= 8831 bytes, the memory available; and "
                        + none + " is no folder to write to)",
                refused.getMessage());
    }

    @Test
    void anonymous_moreThanTheHostHas_isRefused() {
        IOException refused = assertThrows(IOException.class, () -> PageMemory.anonymous(1L << 40, 1 << 20, 1, 2));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("arena: 1099511627776 pages of 1048576 bytes"));
    }

    @Test
    void obstacle_tooFewBytesFree_tellsThem() throws IOException {
        Optional<String> obstacle = HostMemory.obstacle(folder, Long.MAX_VALUE);
        assertTrue(
                obstacle.orElseThrow().matches(".* has [0-9]+ bytes free \\(expected: >= " + Long.MAX_VALUE + "\\)"));
        assertEquals(Optional.empty(), HostMemory.obstacle(folder, 1));
    }

    @Test
    void availableBytes_filesOfTheKernel_areUnderstood() throws IOException {
        Path meminfo = Files.writeString(folder.resolve("meminfo"), "MemTotal: 9 kB\nMemAvailable:    1234 kB\n");
        assertEquals(1234 * 1024, HostMemory.memoryAvailableBytes(meminfo));
        assertEquals(Long.MAX_VALUE, HostMemory.memoryAvailableBytes(folder.resolve("none")));
        assertEquals(77, ControlGroup.limitBytes(Files.writeString(folder.resolve("limit"), "77\n")));
        assertEquals(Long.MAX_VALUE, ControlGroup.limitBytes(Files.writeString(folder.resolve("max"), "max\n")));
        assertEquals(Long.MAX_VALUE, ControlGroup.limitBytes(folder.resolve("none")));
        assertTrue(HostMemory.availableBytes() > 0);
    }

    private long fileCount() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    /** Memory of this process in use, shared pages included. */
    private static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }
}
