package netmem.server.latency;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Appends what operations took in each interval to a file in the HdrHistogram log format, one tagged line an operation. Shared; the writing is confined
 * to its own thread. The wall clock gives the lines their times, as the format wants, and nothing else.
 */
public final class LatencyLog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LatencyLog.class.getName());

    private final Latencies latencies;
    private final Path file;
    private final PrintStream out;
    private final HistogramLogWriter writer;
    private final InstantSource clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private long intervalStartMillis;

    private LatencyLog(Latencies latencies, Path file, Duration interval, InstantSource clock) throws IOException {
        this.latencies = latencies;
        this.file = file;
        this.clock = clock;
        this.out = new PrintStream(
                new BufferedOutputStream(
                        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)),
                false,
                StandardCharsets.UTF_8);
        this.writer = new HistogramLogWriter(out);
        this.intervalStartMillis = clock.millis();
        this.thread = Thread.ofPlatform().daemon().name("netmem-latency-log").unstarted(() -> run(interval));
    }

    /**
     * Opens the log and starts to write an interval each time one has passed.
     *
     * @param latencies what to log
     * @param file appended to; created where there is none
     * @param interval length of an interval
     * @param clock wall clock
     * @return the log, to be closed
     * @throws IOException when the file cannot be opened or written
     */
    public static LatencyLog open(Latencies latencies, Path file, Duration interval, InstantSource clock)
            throws IOException {
        LatencyLog log = new LatencyLog(latencies, file, interval, clock);
        log.writer.outputComment("[NetMem latencies, in nanoseconds]");
        log.writer.outputLogFormatVersion();
        log.writer.outputStartTime(log.intervalStartMillis);
        log.writer.outputLegend();
        if (log.out.checkError()) {
            log.out.close();
            throw new IOException(file + ": cannot be written");
        }
        latencies.keepIntervals();
        log.thread.start();
        return log;
    }

    private void run(Duration interval) {
        boolean stopped = false;
        while (!stopped && !out.checkError()) {
            try {
                stopped = stop.await(interval.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                stopped = true;
            }
            writeInterval();
        }
        if (out.checkError()) {
            LOG.log(Level.WARNING, "latency-log: {0} cannot be written any more; logging of latencies has ended", file);
        }
        out.close();
    }

    private void writeInterval() {
        long endMillis = clock.millis();
        for (Histogram histogram : latencies.takeInterval()) {
            histogram.setStartTimeStamp(intervalStartMillis);
            histogram.setEndTimeStamp(endMillis);
            writer.outputIntervalHistogram(histogram);
        }
        intervalStartMillis = endMillis;
    }

    /** Writes the last interval and closes the file. */
    @Override
    public void close() {
        stop.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
