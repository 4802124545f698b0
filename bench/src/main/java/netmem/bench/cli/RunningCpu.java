package netmem.bench.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.LongSupplier;
import netmem.bench.process.CpuTime;
import netmem.bench.process.ServerProcess;

/** The processor time of a server since this was made, as a number that only grows. Confined to one thread. */
final class RunningCpu implements LongSupplier {
    private final ServerProcess server;
    private CpuTime last;
    private long nanos;

    RunningCpu(ServerProcess server) throws IOException {
        this.server = server;
        this.last = server.cpu();
    }

    @Override
    public long getAsLong() {
        try {
            CpuTime now = server.cpu();
            nanos += last.nanosUntil(now);
            last = now;
            return nanos;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
