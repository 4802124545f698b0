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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import netmem.server.log.Log;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Appends what operations took in each interval to a file in the HdrHistogram log format, one tagged line an operation. Shared; the writing is confined
 * to its own thread. The wall clock gives the lines their times, as the format wants, and nothing else.
 */
public final class LatencyLog implements AutoCloseable {
    private static final Log LOG = Log.of(LatencyLog.class);

    private final Latencies latencies;
    private final Path file;
    private final InstantSource clock;
    private final BlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();
    private final Thread thread;
    private PrintStream out;
    private HistogramLogWriter writer;
    private long intervalStartMillis;

    private enum Wish {
        REOPEN,
        STOP
    }

    private LatencyLog(Latencies latencies, Path file, Duration interval, InstantSource clock) throws IOException {
        this.latencies = latencies;
        this.file = file;
        this.clock = clock;
        this.out = appendTo(file);
        this.writer = new HistogramLogWriter(out);
        this.intervalStartMillis = clock.millis();
        this.thread = Thread.ofPlatform().daemon().name("netmem-latency-log").unstarted(() -> run(interval));
    }

    private static PrintStream appendTo(Path file) throws IOException {
        return new PrintStream(
                new BufferedOutputStream(
                        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)),
                false,
                StandardCharsets.UTF_8);
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
        log.writeHead();
        if (log.out.checkError()) {
            log.out.close();
            throw new IOException(file + ": cannot be written");
        }
        latencies.keepIntervals();
        log.thread.start();
        return log;
    }

    private void writeHead() {
        writer.outputComment("[NetMem latencies, in nanoseconds]");
        writer.outputLogFormatVersion();
        writer.outputStartTime(intervalStartMillis);
        writer.outputLegend();
    }

    /**
     * Has the file opened anew under its name, soon, after what belongs to the one before is written: that may have been moved away. Where it cannot be
     * opened the one before goes on, with a line in the server's log.
     */
    public void reopen() {
        wishes.add(Wish.REOPEN);
    }

    private void run(Duration interval) {
        Wish wish = null;
        while (wish != Wish.STOP && !out.checkError()) {
            try {
                wish = wishes.poll(interval.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                wish = Wish.STOP;
            }
            writeInterval();
            if (wish == Wish.REOPEN) {
                openAnew();
            }
        }
        if (out.checkError()) {
            LOG.log(
                    Level.WARNING,
                    "latency-log: " + file + " cannot be written any more; logging of latencies has ended");
        }
        out.close();
    }

    private void openAnew() {
        try {
            PrintStream next = appendTo(file);
            out.close();
            out = next;
            writer = new HistogramLogWriter(out);
            writeHead();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "latency-log: " + file + " cannot be opened anew; the open file goes on: " + e);
        }
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
        wishes.add(Wish.STOP);
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
