package netmem.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Preface;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;
import netmem.server.options.Invocation;

/** One conversation with a running server over a blocking socket: greet, ask, say goodbye. Confined to one thread; it keeps one deadline for all. */
final class Exchange implements AutoCloseable {
    private static final int FRAME_BYTES_MAX = 16 << 20;
    private static final String NAME = "netmem-server";
    private static final String OTHER_SERVER =
            "is it a NetMem server of this release? Its READY line names its address";

    private final Socket socket = new Socket();
    private final Invocation.Remote server;
    private final long deadlineNanos;
    private long sequence;

    private Exchange(Invocation.Remote server) {
        this.server = server;
        this.deadlineNanos = System.nanoTime() + server.timeout().toNanos();
    }

    /** Connects and greets. */
    static Exchange open(Invocation.Remote server) throws IOException {
        Exchange exchange = new Exchange(server);
        try {
            exchange.greet();
            return exchange;
        } catch (IOException | RuntimeException e) {
            exchange.socket.close();
            throw e;
        }
    }

    private void greet() throws IOException {
        try {
            socket.connect(new InetSocketAddress(server.host(), server.port()), millisLeft());
        } catch (IOException e) {
            throw new FailureException(
                    server + ": cannot connect: " + e.getMessage(),
                    "is a server running there? Its READY line names its address",
                    e);
        }
        socket.setTcpNoDelay(true);
        ByteBuffer preface = ByteBuffer.allocate(Preface.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Preface.put(preface);
        socket.getOutputStream().write(preface.array());
        Reply reply = ask(new Request.Hello(SessionId.NONE, Incarnation.NONE, 0, NAME, server.token()));
        if (!(reply instanceof Reply.Welcome)) {
            throw unexpected(reply);
        }
    }

    /** Sends a request and returns its reply, the next that comes since nothing else is asked; a failure that the server names is an exception. */
    Reply ask(Request request) throws IOException {
        sequence++;
        ByteBuffer out = ByteBuffer.allocate(RequestCodec.frameBytes(request)).order(ByteOrder.LITTLE_ENDIAN);
        RequestCodec.encode(request, FrameHeader.requestId(0, sequence), out);
        socket.getOutputStream().write(out.array());
        try {
            Reply reply = ReplyCodec.decode(frame());
            if (reply instanceof Reply.Failed) {
                throw unexpected(reply);
            }
            return reply;
        } catch (MalformedFrameException e) {
            throw new FailureException(
                    server + ": does not speak protocol version " + Preface.VERSION + ": " + e.getMessage(),
                    OTHER_SERVER,
                    e);
        }
    }

    /** The exception for a reply that does not answer what was asked. */
    FailureException unexpected(Reply reply) {
        if (reply instanceof Reply.Failed failed) {
            String fix = failed.status() == Status.DENIED
                    ? "present the server's credential: --auth-file FILE"
                    : "try again later";
            return new FailureException(server + ": " + failed.status() + ": " + failed.message(), fix);
        }
        return new FailureException(
                server + ": answered with " + reply.getClass().getSimpleName(), OTHER_SERVER);
    }

    private ByteBuffer frame() throws IOException {
        byte[] header = new byte[FrameHeader.BYTES];
        fill(header, 0);
        long length = FrameHeader.length(ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN), 0);
        if (length < FrameHeader.BYTES || length > FRAME_BYTES_MAX) {
            throw new FailureException(
                    server + ": is no NetMem server: frame length: " + length + " (expected: " + FrameHeader.BYTES
                            + " to " + FRAME_BYTES_MAX + ")",
                    OTHER_SERVER);
        }
        byte[] frame = Arrays.copyOf(header, (int) length);
        fill(frame, header.length);
        return ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void fill(byte[] bytes, int from) throws IOException {
        int filled = from;
        while (filled < bytes.length) {
            socket.setSoTimeout(millisLeft());
            try {
                int read = socket.getInputStream().read(bytes, filled, bytes.length - filled);
                if (read < 0) {
                    throw new FailureException(server + ": closed the connection without an answer", OTHER_SERVER);
                }
                filled += read;
            } catch (SocketTimeoutException e) {
                throw tooLate();
            }
        }
    }

    private int millisLeft() throws IOException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (millis <= 0) {
            throw tooLate();
        }
        return (int) millis;
    }

    private FailureException tooLate() {
        return new FailureException(
                server + ": no answer within " + server.timeout().toMillis() + " ms",
                "wait longer with --timeout TIME");
    }

    /** Ends the session, so that nothing of it waits at the server for the end of a lease. */
    @Override
    public void close() throws IOException {
        try (socket) {
            ask(new Request.Bye());
        }
    }
}
