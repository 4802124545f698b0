package netmem.server.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The memory limit of a container, as the files of the kernel tell it. */
@Timeout(20)
final class ControlGroupTest {
    @TempDir
    Path folder;

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private long bytesMax() {
        return ControlGroup.memoryBytesMax(folder.resolve("own"), folder.resolve("cgroup"));
    }

    @Test
    void version2_lowestOfTheGroupAndThoseAbove_counts() throws IOException {
        file("own", "0::/system.slice/netmem.service\n");
        file("cgroup/system.slice/memory.max", "300\n");
        file("cgroup/system.slice/netmem.service/memory.max", "max\n");
        assertEquals(300, bytesMax());
        file("cgroup/system.slice/netmem.service/memory.max", "200\n");
        assertEquals(200, bytesMax());
    }

    @Test
    void version2_pathOfTheHostInAContainer_leavesTheTop() throws IOException {
        file("own", "0::/../../pod7/container9\n");
        file("cgroup/memory.max", "500\n");
        assertEquals(500, bytesMax());
    }

    @Test
    void version1_hasAFolderForMemory() throws IOException {
        file("own", "4:cpu,cpuacct:/a\n3:memory:/docker/x\n0::/\n");
        file("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        assertEquals(Long.MAX_VALUE, bytesMax());
        file("cgroup/memory/docker/x/memory.limit_in_bytes", "400\n");
        assertEquals(400, bytesMax());
    }

    @Test
    void hostThatTellsNothing_hasNoLimit() throws IOException {
        assertEquals(Long.MAX_VALUE, bytesMax());
        file("own", "nonsense\n0::/\n");
        assertEquals(Long.MAX_VALUE, bytesMax());
    }

    @Test
    void arenaAboveTheLimit_isRefusedWithBoth() {
        ArenaLayout layout = ArenaLayout.of(10, 64);
        IOException refused =
                assertThrows(IOException.class, () -> HostMemory.checkGroup(layout, layout.totalBytes() - 1));
        assertEquals(
                "arena: 10 pages of 64 bytes, 8832 bytes in all (expected: <= 8831 bytes, the memory limit of this"
                        + " control group or container)",
                refused.getMessage());
    }
}
