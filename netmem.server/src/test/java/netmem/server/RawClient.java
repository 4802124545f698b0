package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;

/** A client of protocol version 1 with nothing but a socket, for tests that look at frames. Confined to one thread. */
final class RawClient implements AutoCloseable {
    /** "NMEM", versions 1 to 1. */
    static final byte[] PREFACE = HexFormat.of().parseHex("4e4d454d01000100");

    private static final int ANSWER_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;
    private long sequence;

    /** What came back. */
    record Answered(int opcode, long requestId, Reply reply) {}

    /** Connects and says nothing yet. */
    RawClient(NetMemServer server) throws IOException {
        this(server.port());
    }

    /** Connects to a server of this host and says nothing yet. */
    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MILLIS);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Connects and opens a session with the server's default lease. */
    static RawClient greeted(NetMemServer server) throws IOException {
        RawClient client = new RawClient(server);
        client.greet(hello(0));
        return client;
    }

    static Request.Hello hello(int leaseMillis) {
        return new Request.Hello(SessionId.NONE, Incarnation.NONE, leaseMillis, "raw", "");
    }

    static Request.Hello resuming(Reply.Welcome session) {
        return new Request.Hello(session.session(), session.incarnation(), 0, "raw", "");
    }

    Reply.Welcome greet(Request.Hello hello) throws IOException {
        send(PREFACE);
        return assertInstanceOf(Reply.Welcome.class, ask(hello, 0));
    }

    Socket socket() {
        return socket;
    }

    void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    void send(Request request, long requestId) throws IOException {
        send(frame(request, requestId));
    }

    static byte[] frame(Request request, long requestId) {
        byte[] frame = new byte[RequestCodec.frameBytes(request)];
        RequestCodec.encode(request, requestId, ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN));
        return frame;
    }

    /** A header with any values and a body. */
    static byte[] frame(long length, int opcode, int flags, int status, long requestId, byte... body) {
        byte[] frame = new byte[FrameHeader.BYTES + body.length];
        ByteBuffer out = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        FrameHeader.put(out, (int) length, opcode, flags, status, requestId);
        out.put(body);
        return frame;
    }

    /** The bytes of a golden vector. */
    static byte[] vector(String name) throws IOException {
        Path file = Path.of(System.getProperty("basedir", "."), "..", "docs", "protocol", "vectors", name + ".hex");
        StringBuilder hex = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith("#")) {
                hex.append(line, line.indexOf(':') + 1, line.indexOf('#'));
            }
        }
        return HexFormat.of().parseHex(hex.toString().replace(" ", ""));
    }

    /** A fresh request id in slot 0. */
    long nextId() {
        return FrameHeader.requestId(0, ++sequence);
    }

    /** Sends under a fresh id and waits for the reply. */
    Reply ask(Request request) throws IOException {
        return ask(request, nextId());
    }

    Reply ask(Request request, long requestId) throws IOException {
        send(request, requestId);
        return replyTo(request.opcode(), requestId);
    }

    /** The next frame, which must answer this request. */
    Reply replyTo(Opcode opcode, long requestId) throws IOException {
        Answered answered = receive();
        assertEquals(requestId, answered.requestId(), () -> "request id of " + answered);
        assertEquals(opcode.code() | Opcode.REPLY, answered.opcode(), () -> "opcode of " + answered);
        return answered.reply();
    }

    /** The next frame, which must be a failure that answers this request. */
    Reply.Failed failureOf(int opcode, long requestId, Status status) throws IOException {
        Answered answered = receive();
        assertEquals(requestId, answered.requestId(), () -> "request id of " + answered);
        assertEquals(opcode | Opcode.REPLY, answered.opcode(), () -> "opcode of " + answered);
        return failed(status, answered.reply());
    }

    static Reply.Failed failed(Status status, Reply reply) {
        Reply.Failed failed = assertInstanceOf(Reply.Failed.class, reply);
        assertEquals(status, failed.status(), failed::message);
        return failed;
    }

    Answered receive() throws IOException {
        byte[] head = new byte[Integer.BYTES];
        in.readFully(head);
        long length = FrameHeader.length(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN), 0);
        assertTrue(length >= FrameHeader.BYTES && length <= 1 << 28, () -> "frame length: " + length);
        ByteBuffer frame = ByteBuffer.wrap(new byte[(int) length]).order(ByteOrder.LITTLE_ENDIAN);
        frame.put(head);
        byte[] rest = new byte[(int) length - head.length];
        in.readFully(rest);
        frame.put(rest).flip();
        int opcode = FrameHeader.opcode(frame, 0);
        long requestId = FrameHeader.requestId(frame, 0);
        assertEquals(0, FrameHeader.flags(frame, 0));
        try {
            return new Answered(opcode, requestId, ReplyCodec.decode(frame));
        } catch (MalformedFrameException e) {
            throw new AssertionError(e);
        }
    }

    /** The server ends the stream, after an error that answers no request. */
    Reply.Failed assertRefused(Status status) throws IOException {
        Reply.Failed failed = failureOf(0, 0, status);
        assertEnded();
        return failed;
    }

    /** The server ends the stream, cleanly. */
    void assertEnded() throws IOException {
        assertEquals(-1, in.read());
    }

    /** The server ends the stream or resets the connection. */
    void assertEndedOrReset() throws IOException {
        try {
            assertEnded();
        } catch (SocketException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("reset"), e::toString);
        }
    }

    /** Reads all that comes until the server ends the stream or resets the connection; how many bytes that were. */
    long drain() throws IOException {
        byte[] bytes = new byte[64 << 10];
        long sum = 0;
        try {
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                sum += read;
            }
        } catch (SocketException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("reset"), e::toString);
        }
        return sum;
    }

    /** Nothing comes for this long. */
    void assertSilent(int millis) throws IOException {
        socket.setSoTimeout(millis);
        assertThrows(SocketTimeoutException.class, in::read);
        socket.setSoTimeout(ANSWER_MILLIS);
    }

    /** Goes on after what was sent so far was read by the server. */
    void assertAlive() throws IOException {
        assertInstanceOf(Reply.Done.class, ask(new Request.Ping(), nextId()));
    }

    /** Ends this side of the stream. */
    void endSending() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends with a reset, as when the process is killed with bytes unread. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
