package netmem.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProgressTest {
    @Test
    void line_ofAMeasurementThatIsSlowerThanPlanned_saysMore() {
        try (Progress progress = new Progress(new PrintWriter(Writer.nullWriter()), Duration.ofSeconds(40))) {
            assertEquals("1 s; about 40 s left; starting", progress.line(1));
            progress.begins("first", Duration.ofSeconds(10));
            assertEquals("3 s; about 40 s left; first", progress.line(3));
            progress.begins("second", Duration.ofSeconds(10));
            assertEquals("12 s; about 30 s left; second", progress.line(12));
            assertEquals("40 s; about 60 s left; second", progress.line(40));
        }
    }
}
