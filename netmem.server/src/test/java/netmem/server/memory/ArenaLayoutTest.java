package netmem.server.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Offsets and bounds of the layout; docs/arena-layout.md states the same numbers. */
final class ArenaLayoutTest {
    @Test
    void offsets_smallArena_areAsDocumented() {
        ArenaLayout layout = ArenaLayout.of(3, 192);
        assertEquals(4096, ArenaLayout.versionOffset(0));
        assertEquals(4096 + 2 * 64, ArenaLayout.versionOffset(2));
        assertEquals(8192, layout.dataOffset());
        assertEquals(8192 + 2 * 192, layout.pageOffset(2));
        assertEquals(8192 + 3 * 192, layout.totalBytes());
        assertEquals("3 pages of 192 bytes, 8768 bytes in all", layout.toString());
    }

    @Test
    void offsets_tableThatFillsItsLastBlock_needNoGap() {
        assertEquals(8192, ArenaLayout.of(64, 64).dataOffset());
        assertEquals(12288, ArenaLayout.of(65, 64).dataOffset());
    }

    @Test
    void offsets_beyondTwoGibibytes_areLongs() {
        ArenaLayout layout = ArenaLayout.of(1L << 33, 1 << 20);
        long table = (1L << 33) * 64;
        assertEquals(4096 + table - 64, ArenaLayout.versionOffset((1L << 33) - 1));
        assertEquals(4096 + table, layout.dataOffset());
        assertEquals(4096 + table + (1L << 53), layout.totalBytes());
        assertEquals(layout.totalBytes() - (1 << 20), layout.pageOffset((1L << 33) - 1));
    }

    @Test
    void documentation_ofTheHeader_hasTheseOffsets() throws IOException {
        String text = Files.readString(Path.of("..", "docs", "arena-layout.md"));
        Map<String, Integer> offsets = Map.ofEntries(
                Map.entry("magic", ArenaLayout.MAGIC_OFFSET),
                Map.entry("layout version", ArenaLayout.LAYOUT_VERSION_OFFSET),
                Map.entry("record length", ArenaLayout.RECORD_LENGTH_OFFSET),
                Map.entry("incarnation", ArenaLayout.INCARNATION_HIGH_OFFSET),
                Map.entry("page count", ArenaLayout.PAGE_COUNT_OFFSET),
                Map.entry("table offset", ArenaLayout.TABLE_OFFSET_OFFSET),
                Map.entry("data offset", ArenaLayout.DATA_OFFSET_OFFSET),
                Map.entry("total length", ArenaLayout.TOTAL_BYTES_OFFSET),
                Map.entry("page length", ArenaLayout.PAGE_LENGTH_OFFSET),
                Map.entry("version word", 0));
        offsets.forEach((name, offset) -> assertTrue(
                text.lines().anyMatch(line -> line.matches("\\| " + offset + " \\| [0-9]+ \\| " + name + " \\|.*")),
                name + " at " + offset));
    }

    @Test
    void magic_onALittleEndianHost_spellsTheName() {
        long magic = ArenaLayout.MAGIC;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            text.append((char) (magic >>> (8 * i) & 0xff));
        }
        assertEquals("NetMem", text.toString());
        assertEquals(0x0A1A, magic >>> 48);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -64, 0, 1, 63, 65, 100, (1 << 20) - 1, (1 << 20) + 64, Integer.MAX_VALUE})
    void pageLength_outOfBounds_isRefusedWithTheBound(int pageLength) {
        assertEquals(
                "page length: " + pageLength + " (expected: a multiple of 64 from 64 to 1048576)",
                assertThrows(IllegalArgumentException.class, () -> ArenaLayout.of(1, pageLength))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 72_057_594_037_927_872L, Long.MAX_VALUE})
    void pageCount_outOfBounds_isRefusedWithTheBound(long pageCount) {
        assertEquals(
                "page count: " + pageCount + " (expected: 1 to 72057594037927871) page length=64",
                assertThrows(IllegalArgumentException.class, () -> ArenaLayout.of(pageCount, 64))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 128, 4096, 1 << 20})
    void pageCount_largest_doesNotOverflow(int pageLength) {
        String message =
                String.valueOf(assertThrows(IllegalArgumentException.class, () -> ArenaLayout.of(0, pageLength))
                        .getMessage());
        long largest = Long.parseLong(message.replaceAll(".*1 to ([0-9]+).*", "$1"));
        ArenaLayout layout = ArenaLayout.of(largest, pageLength);
        assertEquals(layout.totalBytes(), Math.addExact(layout.pageOffset(largest - 1), pageLength));
    }
}
