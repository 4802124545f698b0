package netmem.bench.load;

import java.time.Duration;

/** A contestant that is connected and warm enough to run rounds under one load. Confined to one thread. */
public interface Runner extends AutoCloseable {
    /** What results call it. */
    String name();

    /** Runs a round; nothing of it goes on when this returns. */
    Round run(Duration length) throws InterruptedException;

    /** Ends the connections. Never throws. */
    @Override
    void close();
}
