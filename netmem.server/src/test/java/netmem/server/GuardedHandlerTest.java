package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class GuardedHandlerTest {
    private final List<String> lines = new ArrayList<>();
    private boolean failing;

    private final Handler guarded = new GuardedHandler(new Handler() {
        @Override
        public void publish(LogRecord line) {
            if (failing) {
                throw new LinkageError("a handler of the test");
            }
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    });

    private void publish(String logger, int count) {
        for (int i = 0; i < count; i++) {
            LogRecord line = new LogRecord(Level.WARNING, "line " + i);
            line.setLoggerName(logger);
            guarded.publish(line);
        }
    }

    @Test
    void lines_ofOthers_areLimited() {
        publish("io.netty.GuardedHandlerTest", 500);
        assertEquals(10, lines.size());
        assertEquals("line 9 (more like it are left out for a while)", lines.getLast());
    }

    /** What clients cause of these is limited where it comes from. */
    @Test
    void lines_ofTheServer_areAllWritten() {
        publish("netmem.server.GuardedHandlerTest", 500);
        assertEquals(500, lines.size());
    }

    @Test
    void handler_thatThrows_endsNothing() {
        failing = true;
        publish("io.netty.GuardedHandlerTest.failing", 1);
        assertEquals(List.of(), lines);
    }
}
