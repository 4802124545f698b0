package netmem.bench.result;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/** Latencies in nanoseconds: recorded to three digits up to an hour, kept in {@code .hlog} files, told as figures. Pure. */
public final class Histograms {
    private static final long NANOS_MAX = 3_600_000_000_000L;
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private Histograms() {}

    /** Returns an empty histogram; confined to one thread. */
    public static Histogram empty() {
        return new Histogram(1, NANOS_MAX, DIGITS);
    }

    /** Records a latency; those beyond what it holds count as the largest that it holds. */
    public static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, NANOS_MAX));
    }

    /** The percentiles p50 to p99, under the keys of {@link Figure}. */
    public static Map<String, Double> body(Histogram histogram) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Figure.P50_US.key(), micros(histogram, 50));
        figures.put(Figure.P90_US.key(), micros(histogram, 90));
        figures.put(Figure.P99_US.key(), micros(histogram, 99));
        return figures;
    }

    /** The percentiles p99.9 and p99.99, each where there are values enough that some lie above it, and the maximum. */
    public static Map<String, Double> tail(Histogram histogram) {
        Map<String, Double> figures = new LinkedHashMap<>();
        if (histogram.getTotalCount() >= 1000) {
            figures.put(Figure.P999_US.key(), micros(histogram, 99.9));
        }
        if (histogram.getTotalCount() >= 10_000) {
            figures.put(Figure.P9999_US.key(), micros(histogram, 99.99));
        }
        figures.put(Figure.MAX_US.key(), histogram.getMaxValue() / NANOS_PER_MICRO);
        return figures;
    }

    /** The value in microseconds below which a percentage lies. */
    public static double micros(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }

    /**
     * Says in which time a histogram was recorded, for {@link #write}.
     *
     * @param beganMillis since 1970, by the wall clock
     * @param lengthNanos by a clock that only goes forward; a file knows milliseconds, and an interval has one at least
     */
    public static void recorded(Histogram histogram, long beganMillis, long lengthNanos) {
        histogram.setStartTimeStamp(beganMillis);
        histogram.setEndTimeStamp(beganMillis + Math.max(1, Math.ceilDiv(lengthNanos, NANOS_PER_MILLI)));
    }

    /**
     * Writes a file that any reader of HdrHistogram logs takes: one interval for each round.
     *
     * @param rounds each with {@linkplain #recorded its time}
     */
    public static void write(Path file, List<Histogram> rounds) throws IOException {
        for (Histogram round : rounds) {
            if (round.getEndTimeStamp() <= round.getStartTimeStamp()) {
                throw new IllegalArgumentException("round: from " + round.getStartTimeStamp() + " to "
                        + round.getEndTimeStamp() + " ms (expected: an end after the start)");
            }
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (PrintStream out = new PrintStream(new FileOutputStream(file.toFile()))) {
            HistogramLogWriter log = new HistogramLogWriter(out);
            log.outputComment("[latencies in nanoseconds; one interval for each round]");
            log.outputLogFormatVersion();
            long start = rounds.stream()
                    .mapToLong(Histogram::getStartTimeStamp)
                    .min()
                    .orElse(0);
            log.outputStartTime(start);
            log.setBaseTime(start); // intervals count from there
            log.outputLegend();
            for (Histogram round : rounds) {
                log.outputIntervalHistogram(round);
            }
            if (out.checkError()) {
                throw new IOException(file + ": not written");
            }
        }
    }

    /** Reads a file and adds up its intervals. */
    public static Histogram read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no file (expected: a histogram log)");
        }
        Histogram sum = empty();
        try (HistogramLogReader log = new HistogramLogReader(file.toFile())) {
            while (log.hasNext()) {
                EncodableHistogram interval = log.nextIntervalHistogram();
                if (interval instanceof Histogram histogram) {
                    sum.add(histogram);
                }
            }
        }
        return sum;
    }
}
