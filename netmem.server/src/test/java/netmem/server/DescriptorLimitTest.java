package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class DescriptorLimitTest {
    @Test
    void warning_belowConnectionsMax_namesBoth() {
        String limits = "Limit  Soft Limit  Hard Limit  Units\nMax open files            1024     4096    files\n";
        assertEquals(Optional.empty(), DescriptorLimit.warning(900, limits));
        String warning = DescriptorLimit.warning(10_000, limits).orElseThrow();
        assertTrue(warning.startsWith("open files: 1024 (expected: >= 10064 "), warning);
        assertEquals(Optional.empty(), DescriptorLimit.warning(10_000, "Max open files   unlimited  unlimited files"));
    }
}
