package netmem.server.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One thread on either memory. Not covered here: readers beside a writer (TornReadTest, stress/), files (ArenaFileTest). */
@Timeout(30)
final class PageMemoryTest {
    @ParameterizedTest
    @EnumSource
    void read_pageNeverWritten_isZeroAtVersionOne(Twin twin) {
        try (PageMemory memory = twin.open(3, 128)) {
            for (long page = 0; page < 3; page++) {
                ByteBuffer target = filled(128, 7);
                assertEquals(1, memory.read(page, 0, 128, target));
                assertEquals(128, target.position());
                assertEquals(filled(128, 0), target.flip());
                assertEquals(1, memory.version(page));
                assertTrue(memory.isCurrent(page, 1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void write_ranges_showTogetherUnderTheNextVersion(Twin twin) {
        try (PageMemory memory = twin.open(3, 64)) {
            memory.beginWrite(1);
            memory.write(1, 0, bytes(1, 2, 3));
            memory.write(1, 62, bytes(8, 9));
            memory.endWrite(1, 2);

            ByteBuffer target = ByteBuffer.allocate(64);
            assertEquals(2, memory.read(1, 0, 64, target));
            byte[] expected = new byte[64];
            System.arraycopy(new byte[] {1, 2, 3}, 0, expected, 0, 3);
            System.arraycopy(new byte[] {8, 9}, 0, expected, 62, 2);
            assertEquals(ByteBuffer.wrap(expected), target.flip());
            assertEquals(1, memory.version(0), "the page before");
            assertEquals(1, memory.version(2), "the page after");
        }
    }

    @ParameterizedTest
    @EnumSource
    void writeAndRead_anyBuffers_moveTheSameBytes(Twin twin) {
        try (PageMemory memory = twin.open(1, 128)) {
            ByteBuffer[] sources = {
                slice(ByteBuffer.allocate(100)), slice(ByteBuffer.allocateDirect(100)), bytes(1, 2, 3, 4, 5, 6, 7, 8, 9)
            };
            ByteBuffer[] targets = {slice(ByteBuffer.allocate(100)), slice(ByteBuffer.allocateDirect(100))};
            long version = 1;
            for (ByteBuffer source : sources) {
                for (int i = source.position(); i < source.limit() && !source.isReadOnly(); i++) {
                    source.put(i, (byte) (version * 31 + i));
                }
                ByteBuffer given = version == 2 ? source.asReadOnlyBuffer() : source.duplicate();
                memory.beginWrite(0);
                memory.write(0, 5, given);
                memory.endWrite(0, ++version);
                assertEquals(0, given.remaining(), "the source is consumed");
                for (ByteBuffer target : targets) {
                    ByteBuffer into = target.duplicate();
                    assertEquals(version, memory.read(0, 5, source.remaining(), into));
                    assertEquals(source, into.flip().position(target.position()));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void write_seededRanges_matchesAnArray(Twin twin) {
        long seed = 20_260_101;
        Random random = new Random(seed);
        try (PageMemory memory = twin.open(5, 192)) {
            byte[][] model = new byte[5][192];
            long[] versions = {1, 1, 1, 1, 1};
            for (int round = 0; round < 5_000; round++) {
                int page = random.nextInt(5);
                int offset = random.nextInt(193);
                byte[] data = new byte[random.nextInt(193 - offset)];
                random.nextBytes(data);
                versions[page] += 1 + random.nextInt(3);
                memory.beginWrite(page);
                memory.write(page, offset, ByteBuffer.wrap(data));
                memory.endWrite(page, versions[page]);
                System.arraycopy(data, 0, model[page], offset, data.length);

                int from = random.nextInt(193);
                int length = random.nextInt(193 - from);
                ByteBuffer target = ByteBuffer.allocateDirect(length);
                assertEquals(versions[page], memory.read(page, from, length, target), "seed " + seed);
                assertEquals(ByteBuffer.wrap(model[page], from, length), target.flip(), "seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_pageBegun_isContendedAfterABoundAndLeavesThePosition(Twin twin) {
        try (PageMemory memory = twin.open(2, 64)) {
            memory.beginWrite(0);
            memory.write(0, 0, bytes(1));
            ByteBuffer target = ByteBuffer.allocate(10).position(2);

            assertEquals(PageMemory.CONTENDED, memory.read(0, 0, 8, target));
            assertEquals(2, target.position());
            assertEquals(1, memory.version(0), "the version before");
            assertFalse(memory.isCurrent(0, 1));
            assertEquals(1, memory.read(1, 0, 8, target), "other pages are free");

            memory.endWrite(0, 2);
            assertTrue(memory.isCurrent(0, 2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void endWrite_afterSeveralBegun_publishesEach(Twin twin) {
        try (PageMemory memory = twin.open(3, 64)) {
            memory.beginWrite(2);
            memory.beginWrite(0);
            memory.write(0, 0, bytes(1));
            memory.write(2, 0, bytes(2));
            memory.endWrite(0, 2);
            memory.endWrite(2, 10);
            assertEquals(2, memory.version(0));
            assertEquals(1, memory.version(1));
            assertEquals(10, memory.version(2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void endWrite_versionNotAbove_isRefusedAndThePageStaysBegun(Twin twin) {
        try (PageMemory memory = twin.open(1, 64)) {
            memory.beginWrite(0);
            assertEquals(
                    "version: 1 (expected: > 1) page=0",
                    assertThrows(IllegalArgumentException.class, () -> memory.endWrite(0, 1))
                            .getMessage());
            assertThrows(IllegalArgumentException.class, () -> memory.endWrite(0, Long.MIN_VALUE));
            memory.endWrite(0, Long.MAX_VALUE);
            assertEquals(Long.MAX_VALUE, memory.version(0));
            assertTrue(memory.isCurrent(0, Long.MAX_VALUE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isCurrent_versionsThatCannotBe_isFalse(Twin twin) {
        try (PageMemory memory = twin.open(1, 64)) {
            for (long version : new long[] {0, -1, 2, Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE}) {
                assertFalse(memory.isCurrent(0, version), "version " + version);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void writersSide_outOfTurn_isRefused(Twin twin) {
        try (PageMemory memory = twin.open(1, 64)) {
            assertThrows(IllegalStateException.class, () -> memory.write(0, 0, bytes(1)));
            assertThrows(IllegalStateException.class, () -> memory.endWrite(0, 2));
            memory.beginWrite(0);
            assertEquals(
                    "page: begun twice (expected: endWrite first) page=0",
                    assertThrows(IllegalStateException.class, () -> memory.beginWrite(0))
                            .getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource
    void page_outOfBounds_isRefusedByEveryMethod(Twin twin) {
        try (PageMemory memory = twin.open(3, 64)) {
            for (long page : new long[] {-1, 3, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE}) {
                String expected = "page: " + page + " (expected: 0 to 2)";
                assertRefused(expected, () -> memory.version(page));
                assertRefused(expected, () -> memory.isCurrent(page, 1));
                assertRefused(expected, () -> memory.read(page, 0, 1, ByteBuffer.allocate(1)));
                assertRefused(expected, () -> memory.beginWrite(page));
                assertRefused(expected, () -> memory.write(page, 0, bytes(1)));
                assertRefused(expected, () -> memory.endWrite(page, 2));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1",
        "0, -1",
        "0, 65",
        "64, 1",
        "65, 0",
        "1, 64",
        "2147483647, 1",
        "1, 2147483647",
        "-2147483648, 1",
        "2147483647, 2147483647",
        "0, -2147483648",
        "-2147483648, -2147483648"
    })
    void range_outOfBounds_isRefused(int offset, int length) {
        for (Twin twin : Twin.values()) {
            try (PageMemory memory = twin.open(3, 64)) {
                assertRefused(
                        "range: offset " + offset + " length " + length + " (expected: inside 64 bytes) page=1",
                        () -> memory.read(1, offset, length, ByteBuffer.allocate(100)));
                if (length >= 0 && length < 100) {
                    memory.beginWrite(1);
                    assertThrows(
                            IndexOutOfBoundsException.class,
                            () -> memory.write(1, offset, ByteBuffer.allocate(length)));
                    memory.endWrite(1, 2);
                    assertZero(memory);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void range_empty_isAVersionCheck(Twin twin) {
        try (PageMemory memory = twin.open(1, 64)) {
            ByteBuffer none = ByteBuffer.allocate(0);
            assertEquals(1, memory.read(0, 0, 0, none));
            assertEquals(1, memory.read(0, 64, 0, none));
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_targetTooSmall_isRefused(Twin twin) {
        try (PageMemory memory = twin.open(1, 64)) {
            assertRefused(
                    "target remaining: 9 (expected: >= 10)",
                    () -> memory.read(0, 0, 10, ByteBuffer.allocate(10).position(1)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_thenAnything_isIllegalStateAndNoCrash(Twin twin) {
        PageMemory memory = twin.open(2, 64);
        memory.beginWrite(1);
        memory.close();
        memory.close();
        assertThrows(IllegalStateException.class, () -> memory.version(0));
        assertThrows(IllegalStateException.class, () -> memory.isCurrent(0, 1));
        assertThrows(IllegalStateException.class, () -> memory.read(0, 0, 1, ByteBuffer.allocate(1)));
        assertThrows(IllegalStateException.class, () -> memory.beginWrite(0));
        assertThrows(IllegalStateException.class, () -> memory.write(1, 0, bytes(1)));
        assertThrows(IllegalStateException.class, () -> memory.endWrite(1, 2));
    }

    @Test
    void pageLengths_fromLeastToMost_readBackTheirLastByte() {
        for (int pageLength : new int[] {64, 192, 4096, 1 << 20}) {
            for (Twin twin : Twin.values()) {
                try (PageMemory memory = twin.open(3, pageLength)) {
                    for (long page = 0; page < 3; page++) {
                        memory.beginWrite(page);
                        memory.write(page, 0, filled(pageLength, (int) page + 1));
                        memory.endWrite(page, 2);
                    }
                    for (long page = 0; page < 3; page++) {
                        ByteBuffer target = ByteBuffer.allocate(pageLength);
                        assertEquals(2, memory.read(page, 0, pageLength, target));
                        assertEquals(filled(pageLength, (int) page + 1), target.flip());
                    }
                }
            }
        }
    }

    private static void assertZero(PageMemory memory) {
        for (long page = 0; page < memory.pageCount(); page++) {
            ByteBuffer target = ByteBuffer.allocate(memory.pageLength());
            memory.read(page, 0, memory.pageLength(), target);
            assertEquals(filled(memory.pageLength(), 0), target.flip(), "page " + page);
        }
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message,
                assertThrows(IndexOutOfBoundsException.class, call::run).getMessage());
    }

    private static ByteBuffer slice(ByteBuffer buffer) {
        return buffer.position(10).slice().position(3).limit(50);
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }

    private static ByteBuffer filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }
}
