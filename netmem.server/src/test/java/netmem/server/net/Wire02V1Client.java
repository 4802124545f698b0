package netmem.server.net;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import netmem.api.Incarnation;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Preface;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;

/** A client of protocol version 1 beside those of 0.2: one slot, one request at a time. Confined to one thread. */
final class Wire02V1Client implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final DataInputStream in;
    private long sequence;

    Wire02V1Client(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new DataInputStream(socket.getInputStream());
            ByteBuffer preface = ByteBuffer.allocate(Preface.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            preface.putInt(Preface.MAGIC).putShort((short) 1).putShort((short) 1);
            socket.getOutputStream().write(preface.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        call(new Request.Hello(SessionId.NONE, Incarnation.NONE, 0, "v1", ""));
    }

    Reply call(Request request) {
        send(request);
        return receive();
    }

    void send(Request request) {
        ByteBuffer frame = ByteBuffer.allocate(RequestCodec.frameBytes(request)).order(ByteOrder.LITTLE_ENDIAN);
        long id = request instanceof Request.Hello ? 0 : FrameHeader.requestId(0, ++sequence);
        RequestCodec.encode(request, id, frame);
        try {
            socket.getOutputStream().write(frame.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Reply receive() {
        try {
            int length = Integer.reverseBytes(in.readInt());
            ByteBuffer frame = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            in.readFully(frame.putInt(length).array(), Integer.BYTES, length - Integer.BYTES);
            return ReplyCodec.decode(frame.clear());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedFrameException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends a LOCK that waits a minute and brings the page. */
    void sendLock(long page) {
        send(new Request.Lock(page, 1, 60_000, true, 0));
    }

    Reply.Granted lock(long page) {
        sendLock(page);
        return (Reply.Granted) receive();
    }

    long unlock(long page, long token, byte[] data) {
        Request unlock = new Request.Unlock(page, token, Ranges.of(0, data.length), ByteBuffer.wrap(data));
        return ((Reply.Written) call(unlock)).version();
    }

    Reply write(long page, int waitMillis, byte[] data) {
        return call(new Request.Write(page, 0, 0, waitMillis, false, Ranges.of(0, data.length), ByteBuffer.wrap(data)));
    }

    /** Ends the session too, which would outlive the connection otherwise. */
    @Override
    public void close() {
        try (socket) {
            if (!socket.isClosed()) {
                send(new Request.Bye());
                in.skip(Long.MAX_VALUE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
