package netmem.bench.load;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import netmem.bench.process.CpuTime;
import netmem.bench.result.Histograms;
import org.HdrHistogram.Histogram;

/** A running {@code socket.c}, told of each round and asked for its latencies. Confined to one thread. */
final class CSocketRunner implements Runner {
    private static final String END = "END";

    private final Process process;
    private final Writer orders;
    private final BufferedReader answers;
    private final LongSupplier serverCpuNanos;

    CSocketRunner(List<String> command, LongSupplier serverCpuNanos) throws IOException {
        this.serverCpuNanos = serverCpuNanos;
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        orders = process.outputWriter();
        answers = process.inputReader();
    }

    @Override
    public String name() {
        return CSocketContestant.NAME;
    }

    @Override
    public Round run(Duration length) {
        try {
            long serverBefore = serverCpuNanos.getAsLong();
            CpuTime before = CpuTime.of(process.pid());
            long beganMillis = System.currentTimeMillis();
            orders.write(length.toNanos() + "\n");
            orders.flush();
            String[] sums = line().split(" ", 2);
            long clientNanos = before.nanosUntil(CpuTime.of(process.pid()));
            long serverNanos = serverCpuNanos.getAsLong() - serverBefore;
            Histogram latencies = latencies();
            long done = Long.parseLong(sums[0]);
            long elapsedNanos = Long.parseLong(sums[1]);
            Histograms.recorded(latencies, beganMillis, elapsedNanos);
            Meter used = new Meter(serverNanos, clientNanos, 0);
            return new Round(done, done, elapsedNanos, latencies, Histograms.empty(), used);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Histogram latencies() throws IOException {
        Histogram latencies = Histograms.empty();
        for (String line = line(); !line.equals(END); line = line()) {
            String[] nanosAndCount = line.split(" ", 2);
            latencies.recordValueWithCount(Long.parseLong(nanosAndCount[0]), Long.parseLong(nanosAndCount[1]));
        }
        return latencies;
    }

    private String line() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new EOFException("the C socket ended; what it said stands above");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
