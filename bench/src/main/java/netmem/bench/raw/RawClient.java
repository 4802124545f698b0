package netmem.bench.raw;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The generator: one thread that goes round its connections, takes the replies of each and sends a request for each
 * reply, so that every connection always has its requests in flight. It blocks on the connection whose turn it is; the
 * server has the requests of all others meanwhile. Confined to one thread.
 */
public final class RawClient implements AutoCloseable {
    private static final long STUCK_SECONDS = 20;
    private static final int SLACK_BYTES = 1024;
    private static final ScheduledExecutorService WATCHDOG = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());

    private final Dialect dialect;
    private final List<RawSocket> sockets = new ArrayList<>();
    private final List<RawConnection> connections = new ArrayList<>();
    private final ByteBuffer buffer;

    private RawClient(Dialect dialect, RawLoad load, int port, int idle) throws IOException {
        this.dialect = dialect;
        for (int i = 0; i < idle; i++) {
            RawSocket socket = new RawSocket(port);
            sockets.add(socket);
            dialect.greet(socket);
        }
        PageTable pages = new PageTable(load.pages(), load.anyPage(), dialect.versionFilled());
        int replyLengthMax = 0;
        Requests requests = null;
        for (int i = 0; i < load.connections(); i++) {
            RawSocket socket = new RawSocket(port);
            sockets.add(socket);
            dialect.greet(socket);
            requests = dialect.requests(socket, load, pages);
            requests.patchPages();
            replyLengthMax = Math.max(replyLengthMax, requests.replyLengthMax());
            connections.add(new RawConnection(socket, requests, load.inFlight()));
        }
        buffer = ByteBuffer.allocateDirect(load.inFlight() * replyLengthMax + SLACK_BYTES);
        if (requests != null) {
            buffer.order(requests.order());
        }
    }

    /** Writes all pages of the server on {@code port}; once, before the first client. */
    public static void fill(Dialect dialect, int port, int pages, int pageLengthBytes) throws IOException {
        try (RawSocket socket = new RawSocket(port)) {
            dialect.greet(socket);
            dialect.fill(socket, pages, pageLengthBytes);
            dialect.leave(socket);
        }
    }

    /** Connects and greets; nothing is measured yet. */
    public static RawClient open(Dialect dialect, RawLoad load, int port) throws IOException {
        return openBesideIdle(dialect, load, port, 0);
    }

    /** The same with connections that greet and then do nothing. */
    public static RawClient openBesideIdle(Dialect dialect, RawLoad load, int port, int idle) throws IOException {
        return new RawClient(dialect, load, port, idle);
    }

    /** Runs the load for a time, and until the last reply is in. */
    public Sample run(long millis) throws IOException {
        Future<?> stuck = interruptLater(millis + TimeUnit.SECONDS.toMillis(STUCK_SECONDS));
        try {
            return measured(TimeUnit.MILLISECONDS.toNanos(millis));
        } catch (ClosedByInterruptException e) {
            throw new IOException("no reply within " + STUCK_SECONDS + " s from " + dialect.title(), e);
        } finally {
            stuck.cancel(false);
        }
    }

    private Sample measured(long nanos) throws IOException {
        long operations = 0;
        long cpuStart = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long start = System.nanoTime();
        for (RawConnection connection : connections) {
            connection.begin();
        }
        do {
            for (RawConnection connection : connections) {
                operations += connection.exchange(buffer);
            }
        } while (System.nanoTime() - start < nanos);
        for (RawConnection connection : connections) {
            operations += connection.end(buffer);
        }
        long end = System.nanoTime();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuStart;
        return new Sample(operations, end - start, cpu);
    }

    private static Future<?> interruptLater(long millis) {
        Thread caller = Thread.currentThread();
        return WATCHDOG.schedule(caller::interrupt, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        for (RawSocket socket : sockets) {
            dialect.leave(socket);
            socket.close();
        }
    }
}
