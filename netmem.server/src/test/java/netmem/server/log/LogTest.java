package netmem.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogTest {
    private final Logger logger = Logger.getLogger(LogTest.class.getName());
    private final List<String> lines = new ArrayList<>();
    private boolean failing;

    private final Handler handler = new Handler() {
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
    };

    @BeforeEach
    void listen() {
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    @AfterEach
    void leave() {
        logger.removeHandler(handler);
    }

    @Test
    void limited_manyLines_writesTenAndSaysSo() {
        Log log = Log.limited(LogTest.class);
        for (int i = 0; i < 2000; i++) {
            log.log(System.Logger.Level.WARNING, "line " + i);
        }
        assertEquals(10, lines.size());
        assertEquals("line 9 (more like it are left out for a while)", lines.getLast());
    }

    @Test
    void limited_afterTheWindow_countsWhatWasLeftOut() {
        AtomicLong nanos = new AtomicLong();
        Log log = Log.limited(LogTest.class, nanos::get);
        for (int i = 0; i < 2000; i++) {
            log.log(System.Logger.Level.WARNING, "line " + i);
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
        log.log(System.Logger.Level.WARNING, "later");
        log.log(System.Logger.Level.WARNING, "and again");
        assertEquals(12, lines.size());
        assertEquals(List.of("later (1990 like it were left out before)", "and again"), lines.subList(10, 12));
    }

    @Test
    void limit_lineOfManyThreads_writtenAndCountedAddUp() throws InterruptedException {
        AtomicLong nanos = new AtomicLong();
        LineLimit limit = new LineLimit("test", () -> nanos.addAndGet(1_000_000));
        List<String> written = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int line = 0; line < 100_000; line++) {
                    String text = limit.text("line");
                    if (text != null) {
                        written.add(text);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        String rest = limit.leftOut(true);
        long sum = rest == null ? 0 : leftOut(rest, "test: (\\d+) lines were left out, the last of them: line");
        for (String line : written) {
            sum += 1 + leftOut(line, "line \\((\\d+) like it were left out before\\).*");
        }
        assertEquals(400_000, sum);
        assertTrue(written.size() > 20, "lines: " + written.size() + " (expected: of several windows)");
    }

    private static long leftOut(String line, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(line);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }

    @Test
    void leftOut_withoutAFurtherLine_isToldAfterTheWindowOrAtTheEnd() {
        AtomicLong nanos = new AtomicLong();
        LineLimit limit = new LineLimit("test", nanos::get);
        for (int i = 0; i < 30; i++) {
            limit.text("line " + i);
        }
        assertNull(limit.leftOut(false));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
        assertEquals("test: 20 lines were left out, the last of them: line 29", limit.leftOut(false));
        assertNull(limit.leftOut(true), "told once");
        assertEquals("next", limit.text("next"));
    }

    @Test
    void of_manyLines_writesAll() {
        Log log = Log.of(LogTest.class);
        for (int i = 0; i < 100; i++) {
            log.log(System.Logger.Level.WARNING, "line {0} it's");
        }
        assertEquals(100, lines.size());
        assertTrue(lines.getLast().startsWith("line {0} it's"));
    }

    @Test
    void handler_throwing_isItsOwnAffair() {
        failing = true;
        Log.of(LogTest.class).log(System.Logger.Level.ERROR, "unheard", new IllegalStateException("test"));
        assertEquals(List.of(), lines);
    }
}
