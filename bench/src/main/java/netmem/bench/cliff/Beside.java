package netmem.bench.cliff;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import netmem.bench.load.Contestant;
import netmem.bench.load.Load;
import netmem.bench.load.Round;
import netmem.bench.load.Runner;

/**
 * A contestant whose rounds run beside a load. Confined to one thread.
 *
 * @param other what is measured
 * @param busy the load
 */
public record Beside(Contestant other, BusyProcess busy) implements Contestant {
    @Override
    public String name() {
        return other.name() + ", beside the load";
    }

    @Override
    public boolean plays(Load load) {
        return other.plays(load);
    }

    @Override
    public long serverCpuNanos() {
        return other.serverCpuNanos();
    }

    @Override
    public Runner ready(Load load, int pageCount) {
        Runner runner = other.ready(load, pageCount);
        return new Runner() {
            @Override
            public String name() {
                return Beside.this.name();
            }

            @Override
            public Round run(Duration length) throws InterruptedException {
                try {
                    busy.on();
                    Round round = runner.run(length);
                    busy.off();
                    return round;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void close() {
                runner.close();
            }
        };
    }
}
