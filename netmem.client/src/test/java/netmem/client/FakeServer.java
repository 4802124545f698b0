package netmem.client;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
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

/** A server that does what a test says, over real sockets. Confined to the test's thread. */
final class FakeServer implements AutoCloseable {
    static final int PAGE_LENGTH = 64;
    static final int SLOTS = 8;
    static final Incarnation INCARNATION = new Incarnation(1, 2);
    static final SessionId SESSION = new SessionId(3, 4);
    private static final int PATIENCE_SECONDS = 20;
    private static final int FRAME_BYTES_MAX = 2 << 20;

    private final ServerSocket listener;

    FakeServer() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    }

    String uri() {
        return "netmem://127.0.0.1:" + listener.getLocalPort();
    }

    /** Something that a test runs beside itself; {@link #join} fetches what came out. */
    static <R> FutureTask<R> start(Callable<R> body) {
        FutureTask<R> task = new FutureTask<>(body);
        Thread.ofVirtual().start(task);
        return task;
    }

    /** The result; an unchecked exception comes out as it was thrown. */
    static <R> R join(FutureTask<R> task) throws Exception {
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw e;
        } catch (TimeoutException e) {
            throw new AssertionError("no end within " + PATIENCE_SECONDS + " s", e);
        }
    }

    /** A client with its first connection. */
    record Pair(NetMem mem, Peer peer) {}

    Pair connect() throws Exception {
        return connect(builder -> builder);
    }

    Pair connect(UnaryOperator<NetMemBuilder> options) throws Exception {
        return connect(options, welcome(false));
    }

    Pair connect(UnaryOperator<NetMemBuilder> options, Reply.Welcome welcome) throws Exception {
        FutureTask<NetMem> connecting =
                start(() -> options.apply(NetMem.builder(uri()).name("test")).connect());
        Peer peer = accept();
        peer.greeting();
        peer.reply(welcome, new Frame(0, new Request.Hello(SessionId.NONE, Incarnation.NONE, 0, "", "")));
        return new Pair(join(connecting), peer);
    }

    static Reply.Welcome welcome(boolean resumed) {
        return welcome(resumed, SESSION, INCARNATION, 10_000, SLOTS);
    }

    static Reply.Welcome welcome(
            boolean resumed, SessionId session, Incarnation incarnation, int leaseMillis, int slots) {
        return new Reply.Welcome(
                1, resumed, session, incarnation, leaseMillis, slots, FRAME_BYTES_MAX, 16, PAGE_LENGTH);
    }

    Peer accept() throws IOException {
        return new Peer(listener.accept());
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** A page whose bytes are all the same. */
    static ByteBuffer page(int value) {
        byte[] bytes = new byte[PAGE_LENGTH];
        java.util.Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    /** One request as it came. */
    record Frame(long id, Request request) {}

    /** The bytes of a reply. */
    static byte[] frame(Reply reply, Frame to) {
        ByteBuffer out = ByteBuffer.allocate(ReplyCodec.frameBytes(reply)).order(ByteOrder.LITTLE_ENDIAN);
        ReplyCodec.encode(reply, to.request().opcode().code(), to.id(), out);
        return out.array();
    }

    /** The server's end of one connection. */
    static final class Peer implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            in = new DataInputStream(socket.getInputStream());
        }

        /** Reads the preface and the greeting. */
        Request.Hello greeting() throws IOException, MalformedFrameException {
            ByteBuffer preface = ByteBuffer.wrap(in.readNBytes(Preface.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
            if (preface.getInt() != Preface.MAGIC || preface.getShort() != 1 || preface.getShort() != 1) {
                throw new AssertionError("preface");
            }
            Frame frame = next();
            if (frame.id() != 0) {
                throw new AssertionError("request id of HELLO: " + frame.id());
            }
            return (Request.Hello) frame.request();
        }

        /** Greets a client that comes back. */
        Request.Hello greet(Reply.Welcome welcome) throws IOException, MalformedFrameException {
            Request.Hello hello = greeting();
            reply(welcome, new Frame(0, hello));
            return hello;
        }

        /** The next request. */
        Frame next() throws IOException, MalformedFrameException {
            byte[] prefix = in.readNBytes(Integer.BYTES);
            if (prefix.length < Integer.BYTES) {
                throw new EOFException("the client closed the connection");
            }
            int length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getInt();
            ByteBuffer frame = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            frame.put(prefix).put(in.readNBytes(length - Integer.BYTES)).flip();
            long id = FrameHeader.requestId(frame, 0);
            return new Frame(id, RequestCodec.decode(frame));
        }

        /** The next request, heartbeats answered and left out. */
        Frame nextCall() throws IOException, MalformedFrameException {
            for (; ; ) {
                Frame frame = next();
                if (!(frame.request() instanceof Request.Ping)) {
                    return frame;
                }
                reply(new Reply.Done(), frame);
            }
        }

        void reply(Reply reply, Frame to) throws IOException {
            write(frame(reply, to));
        }

        void fail(Status status, Frame to) throws IOException {
            reply(new Reply.Failed(status, 1, 2, "as the test says"), to);
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /** Cuts the connection with a reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
