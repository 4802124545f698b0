package netmem.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import netmem.client.NetMem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ImageIT {
    @TempDir
    static Path folder;

    private static Path image = Path.of("");

    /** A copy elsewhere, with a space in its path: nothing may depend on where the image was made. */
    @BeforeAll
    static void copy() throws IOException {
        image = folder.resolve("a copy").resolve("netmem");
        Path made = Path.of("target", "netmem").toAbsolutePath();
        try (Stream<Path> files = Files.walk(made)) {
            for (Path file : files.toList()) {
                Path target = image.resolve(made.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** Without PATH and JAVA_HOME: no Java but the image's own can be found. */
    private static List<String> bare(String... arguments) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/env", "-i"));
        command.addAll(ImageServer.command(image, arguments));
        return command;
    }

    @Test
    void server_copiedFolderAndEmptyEnvironment_servesSilentlyAndExitsZero() throws Exception {
        try (ImageServer server = ImageServer.start(bare("--listen", "127.0.0.1:0"), Map.of())) {
            assertEquals(server.pid(), server.announcedPid());
            try (NetMem memory = NetMem.connect(server.uri());
                    OldWire wire = new OldWire(server.port())) {
                byte[] written = {1, 2, 3};
                long version = memory.write(0, 0, written);
                assertEquals(version, memory.read(0, 0, written.length).version());
                assertEquals(memory.pageLengthBytes(), wire.call(OldWire.GET_PARAMS, 0));
            }
            assertEquals(0, server.stop());
            assertEquals("", server.stderr());
        }
    }

    @Test
    void server_nativeTransport_isLoadedFromTheImage() throws Exception {
        try (ImageServer server = ImageServer.start(bare("--listen", "127.0.0.1:0"), Map.of())) {
            String mapped = Files.readString(Path.of("/proc", Long.toString(server.pid()), "maps"));
            assertTrue(
                    mapped.contains(image.resolve("lib/libnetty_transport_native_epoll_x86_64.so")
                            .toString()),
                    mapped);
            assertTrue(mapped.contains(image.resolve("lib/netmem-server.aot").toString()), mapped);
        }
    }

    /** What java.lang.invoke makes at run time is in neither module nor cache: 25 classes take 30 ms and 4 MiB. */
    @Test
    void server_start_makesHardlyAnyCode() throws Exception {
        Path log = folder.resolve("classes.log");
        Map<String, String> logged = Map.of("JAVA_OPTS", "-Xlog:class+load=info:file=" + log);
        try (ImageServer server = ImageServer.start(ImageServer.command(image, "--listen", "127.0.0.1:0"), logged)) {
            assertEquals(0, server.stop());
        }
        List<String> made = Files.readAllLines(log).stream()
                .filter(line -> line.contains("LambdaForm$") || line.contains("$$TypeSwitch/"))
                .filter(line -> !line.contains("source: shared objects file"))
                .toList();
        assertTrue(made.size() <= 6, "add to src/invokers.txt what is missing: " + made);
    }

    @Test
    void launcher_symbolicLink_startsTheImageItPointsTo() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), image.resolve("bin/netmem-server"));
        try (ImageServer server = ImageServer.start(List.of(link.toString(), "--listen", "127.0.0.1:0"), Map.of())) {
            assertEquals(0, server.stop());
            assertEquals("", server.stderr());
        }
    }

    @Test
    void launcher_unknownOption_exitsTwo() throws Exception {
        Process process = new ProcessBuilder(bare("--lisen", "127.0.0.1:0"))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(2, process.waitFor(), output);
        assertTrue(output.contains("--listen"), output);
    }

    @Test
    void archive_isNamedForVersionAndMachine_andHoldsReadmeAndLicences() throws Exception {
        List<Path> archives = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of("target"), "netmem*.tar.gz")) {
            found.forEach(archives::add);
        }
        assertEquals(1, archives.size(), archives::toString);
        String name = archives.getFirst().getFileName().toString().replace(".tar.gz", "");
        assertTrue(name.matches("netmem-[0-9].*-linux-x86_64"), name);
        Process listing = new ProcessBuilder("tar", "-tzf", archives.getFirst().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String files = new String(listing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, listing.waitFor(), files);
        for (String file : List.of(
                "README.md",
                "LICENSE",
                "NOTICE",
                "legal/java.base/LICENSE",
                "legal/netty/LICENSE.txt",
                "legal/netty/NOTICE.txt",
                "legal/hdrhistogram/LICENSE.txt",
                "bin/netmem-server")) {
            assertTrue(files.contains(name + "/" + file + "\n"), file + " is not in " + archives + ": " + files);
        }
        assertTrue(files.lines().allMatch(line -> line.startsWith(name + "/")), files);
    }
}
