package netmem.server.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Arenas that are files: what is in them, which files are replaced, and which are left alone. */
@Timeout(60)
final class ArenaFileTest {
    @TempDir
    Path folder;

    @Test
    void file_mappedByAnother_isAsDocumented() throws IOException {
        Path path = folder.resolve("arena");
        try (PageMemory memory = PageMemory.file(path, 70, 128, 0x1122334455667788L, 0x99AABBCCDDEEFF00L)) {
            write(memory, 69, 5, 42);
            MappedByteBuffer mapped = map(path);
            assertEquals(memory.totalBytes(), mapped.capacity());
            assertEquals(0x0A1A6D654D74654EL, mapped.getLong(0));
            assertEquals(1, mapped.getInt(8));
            assertEquals(64, mapped.getInt(12));
            assertEquals(0x1122334455667788L, mapped.getLong(16));
            assertEquals(0x99AABBCCDDEEFF00L, mapped.getLong(24));
            assertEquals(70, mapped.getLong(32));
            assertEquals(4096, mapped.getLong(40));
            assertEquals(12288, mapped.getLong(48));
            assertEquals(12288 + 70 * 128, mapped.getLong(56));
            assertEquals(128, mapped.getInt(64));
            assertEquals((5 - 1) * 2, mapped.getLong(4096 + 69 * 64), "the version word of page 69");
            assertEquals(0, mapped.getLong(4096 + 68 * 64), "a page at version 1");
            assertEquals(42, mapped.get(12288 + 69 * 128));

            memory.beginWrite(69);
            assertEquals((5 - 1) * 2 + 1, mapped.getLong(4096 + 69 * 64), "odd while written");
            memory.endWrite(69, 6);
        }
    }

    @Test
    void file_ofAServerThatIsGone_isReplacedByANewFile() throws IOException {
        Path path = folder.resolve("arena");
        PageMemory former = PageMemory.file(path, 1, 64, 1, 2);
        write(former, 0, 2, 42);
        MappedByteBuffer mapped = map(path);
        former.close();
        assertTrue(Files.exists(path), "the file stays when its memory is closed");

        try (PageMemory memory = PageMemory.file(path, 2, 128, 3, 4)) {
            write(memory, 0, 2, 43);
            assertEquals(42, mapped.get(8192), "who maps the former file keeps it");
            assertEquals(43, map(path).get(8192));
            assertEquals(List.of(path), files(), "nothing else is left");
        }
    }

    @Test
    void file_ofALiveServerOfThisProcess_isRefusedAndStaysClaimed() throws Exception {
        Path path = folder.resolve("arena");
        try (PageMemory memory = PageMemory.file(path, 1, 64, 1, 2)) {
            for (int i = 0; i < 2; i++) {
                IOException refused = assertThrows(IOException.class, () -> PageMemory.file(path, 1, 64, 3, 4));
                assertEquals("arena file " + path + ": in use by another server of this process", refused.getMessage());
            }
            try (Holder other = new Holder(path)) {
                assertEquals("arena file " + path + ": in use by another server", other.answer());
            }
            assertEquals(1, memory.version(0));
        }
        try (Holder other = new Holder(path)) {
            assertEquals("held", other.answer(), "free after close");
        }
    }

    @Test
    void file_ofALiveServerOfAnotherProcess_isRefusedUntilThatDies() throws Exception {
        Path path = folder.resolve("arena");
        try (Holder other = new Holder(path)) {
            assertEquals("held", other.answer());
            IOException refused = assertThrows(IOException.class, () -> PageMemory.file(path, 1, 64, 1, 2));
            assertEquals("arena file " + path + ": in use by another server", refused.getMessage());
        }
        PageMemory.file(path, 1, 64, 1, 2).close();
    }

    @Test
    void file_withOtherContent_isRefusedAndKept() throws IOException {
        Path path = Files.writeString(folder.resolve("letter"), "Dear all, NetMem is not in here.");
        IOException refused = assertThrows(IOException.class, () -> PageMemory.file(path, 1, 64, 1, 2));
        assertEquals(
                "arena file " + path + ": holds something else (expected: an arena, or no file)", refused.getMessage());
        assertEquals("Dear all, NetMem is not in here.", Files.readString(path));
        Path tiny = Files.writeString(folder.resolve("tiny"), "Net");
        assertThrows(IOException.class, () -> PageMemory.file(tiny, 1, 64, 1, 2));
        assertEquals(2, files().size());
    }

    @Test
    void file_thatIsNoFile_isRefused() {
        IOException refused = assertThrows(IOException.class, () -> PageMemory.file(folder, 1, 64, 1, 2));
        assertEquals("arena file " + folder + ": not a regular file", refused.getMessage());
        assertThrows(IOException.class, () -> PageMemory.file(Path.of("/"), 1, 64, 1, 2));
        assertThrows(IOException.class, () -> PageMemory.file(folder.resolve("no/arena"), 1, 64, 1, 2));
    }

    @Test
    void file_tooLargeForItsFolder_isRefusedAndNotMade() throws IOException {
        Path path = folder.resolve("arena");
        IOException refused = assertThrows(IOException.class, () -> PageMemory.file(path, 1L << 40, 1 << 20, 1, 2));
        assertTrue(String.valueOf(refused.getMessage()).matches(".*arena: .* has [0-9]+ bytes free .*"));
        assertEquals(List.of(), files());
    }

    @Test
    void file_thatIsNew_isItsOwnersAlone_andAReplacementKeepsThePermissions() throws IOException {
        Path path = folder.resolve("arena");
        PageMemory.file(path, 1, 64, 1, 2).close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
        PageMemory.file(path, 1, 64, 1, 2).close();
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    void file_byALinkToIt_replacesTheFileAndKeepsTheLink() throws IOException {
        Path path = folder.resolve("arena");
        PageMemory.file(path, 1, 64, 1, 2).close();
        Path link = Files.createSymbolicLink(folder.resolve("link"), path);
        try (PageMemory memory = PageMemory.file(link, 1, 64, 1, 2)) {
            write(memory, 0, 2, 42);
            assertTrue(Files.isSymbolicLink(link));
            assertEquals(42, map(path).get(8192));
        }
    }

    /** Another process that tries to make its arena in a file; killed at close. */
    private static final class Holder implements AutoCloseable {
        private final Process process;

        Holder(Path path) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            Path.of("target", "classes") + File.pathSeparator + Path.of("target", "test-classes"),
                            ArenaFileHolder.class.getName(),
                            path.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }

        String answer() throws IOException {
            return String.valueOf(process.inputReader().readLine());
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private static void write(PageMemory memory, long page, long version, int value) {
        memory.beginWrite(page);
        memory.write(page, 0, ByteBuffer.wrap(new byte[] {(byte) value}));
        memory.endWrite(page, version);
    }

    private static MappedByteBuffer map(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            MappedByteBuffer mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
            mapped.order(ByteOrder.nativeOrder());
            return mapped;
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
