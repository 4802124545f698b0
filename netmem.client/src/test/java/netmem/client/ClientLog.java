package netmem.client;

import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Hands each line of the clients' log to a test, as long as it is open. */
final class ClientLog extends Handler implements AutoCloseable {
    private static final Logger CLIENTS = Logger.getLogger("netmem.client");

    private final Consumer<LogRecord> taker;

    ClientLog(Consumer<LogRecord> taker) {
        this.taker = taker;
        CLIENTS.addHandler(this);
    }

    @Override
    public void publish(LogRecord line) {
        taker.accept(line);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        CLIENTS.removeHandler(this);
    }
}
