package netmem.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import netmem.api.Status;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import org.jspecify.annotations.Nullable;

/**
 * The thread that keeps a client connected: it connects, greets, reads unless callers do, sends heartbeats, and starts
 * again with a pause when the connection is lost. It is the keeper of the duty to read ({@link Reading}). All fields but the
 * selector, which goes with that duty, are confined to it.
 */
final class Link implements Runnable {
    private static final AtomicInteger CLIENTS = new AtomicInteger();

    private final Exchange exchange;
    private final Options options;
    private final Buffers buffers = new Buffers();
    private final ConnectionEvents events;
    private final Selector selector;
    private final Thread thread;
    private Reply.@Nullable Welcome welcome;
    private @Nullable Connection unended;
    private int failures;
    private @Nullable InetSocketAddress server;

    /** A greeting that was refused. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    Link(Exchange exchange) throws IOException {
        this.exchange = exchange;
        this.options = exchange.options();
        this.selector = Selector.open();
        this.events = new ConnectionEvents(options.address(), options.onConnection());
        Shortage.prepare();
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("netmem-client-" + CLIENTS.incrementAndGet() + "-reader")
                .unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Has the thread look at the exchange's phase, from any other: it ends once that is closed. */
    void stop() {
        selector.wakeup();
        exchange.reading.wakeKeeper();
    }

    @Override
    public void run() {
        exchange.reading.keep();
        while (exchange.isWanted()) {
            try {
                attemptAndPause();
            } catch (Throwable e) { // no memory even to say so; without this thread no call would end well
                Shortage.rest();
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            Log.log(System.Logger.Level.DEBUG, "selector of " + options.address(), e);
        }
    }

    private void attemptAndPause() {
        long beginNanos = System.nanoTime();
        try {
            attempt();
        } catch (Throwable e) { // a passing shortage of memory, say
            Log.log(System.Logger.Level.WARNING, "connection to " + options.address() + ": " + e, null);
        }
        boolean lasted = System.nanoTime() - beginNanos > options.backoffMaxNanos();
        failures = lasted && welcome != null ? 0 : failures + 1;
        pause();
    }

    /**
     * The server's address; where its name has several, another one after each failure. The system may take long to
     * look a name up, and cannot be interrupted meanwhile: who waits is told what for.
     */
    private InetSocketAddress next() throws UnknownHostException {
        String host = options.address().host();
        Throwable before = exchange.trouble();
        exchange.trouble(before == null ? new IOException("the host " + host + " is still being looked up") : before);
        InetAddress[] known = InetAddress.getAllByName(host);
        exchange.trouble(before);
        return new InetSocketAddress(
                known[failures % known.length], options.address().port());
    }

    /** One connection, from its beginning to its end. What could not be ended at the last attempt is ended first. */
    private void attempt() {
        if (unended != null) {
            end(unended, new IOException("closed"));
        }
        welcome = null;
        Connection connection = null;
        Throwable why;
        try {
            InetSocketAddress at = next();
            server = at;
            connection = new Connection(at, selector, buffers, exchange);
            unended = connection; // whatever is thrown from here on
            greet(connection);
            serve(connection);
            why = new IOException("closed");
        } catch (RefusedException e) {
            why = e;
        } catch (UnknownHostException e) {
            why = e;
            exchange.unknownHost(e);
        } catch (Throwable e) { // whatever it was: without this thread all callers would only run into their deadlines
            why = e;
            exchange.unreachable(e);
        }
        if (connection != null) {
            end(connection, why);
        }
    }

    /** May throw for want of memory, and is called again then: all that it does may be done twice. */
    private void end(Connection connection, Throwable why) {
        try {
            connection.close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        exchange.reading.keep();
        if (welcome != null) {
            exchange.lost(connection, why);
        }
        unended = null;
        if (!exchange.isWanted()) {
            return;
        }
        if (welcome != null && server != null) {
            events.down(server, why);
        }
        boolean broken = !(why instanceof IOException) || why.getCause() instanceof MalformedFrameException;
        System.Logger.Level level = broken ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
        Log.log(level, "connection to " + options.address() + " ended", why);
    }

    /** Connects and opens or resumes the session, all within the connect timeout. */
    private void greet(Connection connection) throws IOException, MalformedFrameException {
        Deadline deadline = new Deadline(System.nanoTime(), options.connectTimeoutNanos());
        boolean greeted = false;
        while (welcome == null) {
            if (!greeted && connection.finishConnect()) {
                connection.greet(exchange.hello());
                greeted = true;
            }
            long left = deadline.leftNanos(System.nanoTime());
            if (left <= 0 || !exchange.isWanted()) {
                throw new IOException("connect: " + deadline.passed(System.nanoTime()));
            }
            connection.await(left);
            if (greeted) {
                connection.serve(frame -> greeting(connection, frame));
            }
        }
    }

    private void greeting(Connection connection, ByteBuffer frame) throws IOException, MalformedFrameException {
        if (welcome != null) {
            exchange.frame(frame);
            return;
        }
        Reply reply = ReplyCodec.decode(frame);
        switch (reply) {
            case Reply.Welcome opened -> {
                connection.opened(Session.of(opened, System.nanoTime()).frameBytesMax());
                exchange.greeted(opened, connection);
                welcome = opened;
                if (server != null) {
                    events.up(server, opened.resumed());
                }
            }
            case Reply.Failed failed -> {
                exchange.refused(failed);
                throw new RefusedException(failed.status() + ": " + failed.message());
            }
            default ->
                throw MalformedFrameException.of(
                        "greeting's reply status", reply.status().code(), Status.OK.code(), "");
        }
    }

    private void serve(Connection connection) throws IOException, MalformedFrameException {
        long nextTickNanos = System.nanoTime();
        while (!exchange.isClosed()) {
            connection.requireOpen();
            long now = System.nanoTime();
            if (now - nextTickNanos >= 0) {
                if (!exchange.tick()) {
                    throw new IOException("the server is silent, or the session is over");
                }
                nextTickNanos = now + exchange.restNanos();
            }
            long restNanos = Math.min(nextTickNanos - now, exchange.alarm.ring(now));
            if (exchange.reading.isKept()) {
                connection.await(restNanos);
                connection.serve(exchange.frames);
                exchange.reading.offer(System.nanoTime());
            } else {
                exchange.reading.rest(restNanos);
            }
        }
    }

    /** A random pause, so that clients who lost the same server do not come back together. */
    private void pause() {
        if (failures <= 1 && welcome != null) {
            return;
        }
        int doublings = Math.min(Math.max(0, failures - 1), 16);
        long longest = Math.min(options.backoffMaxNanos(), options.backoffMinNanos() << doublings);
        Deadline until =
                new Deadline(System.nanoTime(), ThreadLocalRandom.current().nextLong(longest));
        boolean open = exchange.isOpen();
        try {
            for (long left = until.limitNanos();
                    left > 0 && exchange.isWanted() && exchange.isOpen() == open;
                    left = until.leftNanos(System.nanoTime())) {
                selector.select(TimeUnit.NANOSECONDS.toMillis(left) + 1);
            }
        } catch (IOException e) {
            Log.log(System.Logger.Level.DEBUG, "pause before " + options.address(), e);
        }
    }
}
