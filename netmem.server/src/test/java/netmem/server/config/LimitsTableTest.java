package netmem.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server's rows of {@code docs/protocol/limits.md}: names and defaults are those of the code. */
@Timeout(20)
class LimitsTableTest {
    @Test
    void limits_ofTable_areThoseOfTheCode() throws IOException {
        Map<String, Long> table = new TreeMap<>();
        Path limits = Path.of(System.getProperty("basedir", "."), "..", "docs", "protocol", "limits.md");
        for (String line : Files.readAllLines(limits)) {
            String[] cells = line.replace("`", "").split("\\|", -1);
            if (cells.length == 7 && cells[3].strip().matches("\\d+")) {
                table.put(cells[2].strip(), Long.valueOf(cells[3].strip()));
            }
        }

        assertEquals(new TreeMap<>(ServerLimits.DEFAULTS.byName()), table);
    }
}
