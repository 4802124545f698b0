package netmem.server.options;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KindTest {
    @ParameterizedTest
    @CsvSource({
        "SIZE, 0, 0, 0",
        "SIZE, 4096, 4096, 4KiB",
        "SIZE, 4KiB, 4096, 4KiB",
        "SIZE, 4 kib, 4096, 4KiB",
        "SIZE, 1536KiB, 1572864, 1536KiB",
        "SIZE, 100, 100, 100",
        "SIZE, 8GiB, 8589934592, 8GiB",
        "SIZE, 2TiB, 2199023255552, 2TiB",
        "TIME, 90s, 90000, 90s",
        "TIME, 60s, 60000, 1m",
        "TIME, 1500ms, 1500, 1500ms",
        "TIME, 24h, 86400000, 24h",
        "TIME, 0s, 0, 0",
        "COUNT, 100000, 100000, 100000",
        "COUNT, 9223372036854775807, 9223372036854775807, 9223372036854775807",
    })
    void number_goodForm_isReadAndWritten(Kind kind, String text, long number, String written) {
        assertEquals(OptionalLong.of(number), kind.number(text));
        assertEquals(written, kind.text(number));
    }

    @ParameterizedTest
    @CsvSource({
        "SIZE, 4KB",
        "SIZE, 4K",
        "SIZE, KiB",
        "SIZE, 1.5KiB",
        "SIZE, -1",
        "SIZE, +1",
        "SIZE, 8388608TiB",
        "SIZE, ''",
        "TIME, 10",
        "TIME, 1d",
        "TIME, 10 s 5",
        "COUNT, 1k",
        "COUNT, 1_000",
        "COUNT, \u0661",
        "COUNT, 9223372036854775808",
        "FILE, 5",
    })
    void number_badForm_isEmpty(Kind kind, String text) {
        assertEquals(OptionalLong.empty(), kind.number(text));
    }

    @Test
    void kinds_all_sayHowAValueLooks() {
        for (Kind kind : Kind.values()) {
            assertEquals(false, kind.expected().isBlank(), kind.name());
        }
    }
}
