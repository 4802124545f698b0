package netmem.server.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A memory file system that somebody else fills while the server runs, and one that is full at the start. */
@Timeout(60)
final class FullMemoryFilesTest {
    private static final ArenaLayout LAYOUT = ArenaLayout.of(1024, 4096);
    private static final String DONE = "every page read, first writes refused";

    @TempDir
    Path folder;

    @Test
    void pages_memoryFilesFilledAfterTheStart_areReadAndRefuseTheirFirstWrite() throws Exception {
        assumeTrue(run("true").equals("0"), "needs unshare and mount of a memory file system");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String output = run(
                "exec \"$1\" -Xmx64m -XX:-CreateCoredumpOnCrash -XX:ErrorFile=\"$0.log\" -cp \"$2\" \"$3\" \"$0\"",
                java,
                classes(PageMemory.class) + ":" + classes(FullMemoryFilesTest.class),
                FullMemoryFilesTest.class.getName());
        assertEquals(DONE + "\n0", output);
    }

    @Test
    void table_noRoomAtTheStart_isToldWithItsLength() throws IOException {
        Path path = folder.resolve("arena");
        try (RandomAccessFile full = new RandomAccessFile(path.toFile(), "rw") {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("No space left on device");
            }
        }) {
            IOException refused =
                    assertThrows(IOException.class, () -> ArenaBacking.mapped("a full file", full, LAYOUT, full));
            assertEquals(
                    "arena: no room for the 69632 bytes of its table on a full file (expected: that much, and more for"
                            + " pages): No space left on device",
                    refused.getMessage());
        }
    }

    private static String classes(Class<?> of) {
        return of.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    /** Output and exit code of a shell that has a memory file system of 8 MiB of its own. */
    private String run(String script, String... arguments) throws IOException, InterruptedException {
        Path mounted = Files.createDirectories(folder.resolve("mounted"));
        List<String> command = new ArrayList<>(List.of(
                "unshare", "-Urm", "sh", "-c", "mount -t tmpfs -o size=8m tmpfs \"$0\" && " + script, "" + mounted));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException noSuchCommand) {
            return noSuchCommand.toString();
        }
        try {
            assertTrue(process.waitFor(40, TimeUnit.SECONDS), "still running");
            return Files.readString(output) + process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** The process in which the memory file system, its only argument, becomes full. */
    public static void main(String[] arguments) throws IOException {
        Path mounted = Path.of(arguments[0]);
        try (PageMemory memory = AnonymousArena.create(LAYOUT, 1, 2, mounted, Long.MAX_VALUE)) {
            write(memory, 5, 2);
            fill(mounted.resolve("others"));
            ByteBuffer target = ByteBuffer.allocateDirect(4096);
            for (long page = 0; page < LAYOUT.pageCount(); page++) {
                long version = page == 5 ? 2 : 1;
                target.clear();
                if (memory.version(page) != version || memory.read(page, 0, 4096, target) != version) {
                    throw new IllegalStateException("page " + page);
                }
                refuseFirstWrite(memory, page, version);
            }
            System.out.println(DONE);
        }
    }

    private static void refuseFirstWrite(PageMemory memory, long page, long version) {
        try {
            write(memory, page, version + 1);
            if (page != 5) {
                throw new IllegalStateException("page " + page + " was written without room");
            }
        } catch (MemoryExhaustedException expected) {
            if (page == 5 || !memory.isCurrent(page, version)) {
                throw new IllegalStateException("page " + page, expected);
            }
        }
    }

    private static void write(PageMemory memory, long page, long version) {
        memory.beginWrite(page);
        memory.write(page, 0, ByteBuffer.wrap(new byte[] {42}));
        memory.endWrite(page, version);
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream others = Files.newOutputStream(file)) {
            while (true) {
                others.write(new byte[4096]);
            }
        } catch (IOException full) {
            if (Files.size(file) == 0) {
                throw full;
            }
        }
    }
}
