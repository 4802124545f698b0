package netmem.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Preface;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;

/** A client that greets, asks, and then keeps its connection open without a word: one whose machine has stopped. Confined to the test's thread. */
final class SilentClient implements AutoCloseable {
    private final Socket socket;
    private int lastSlot;

    SilentClient(int port, int leaseMillis) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
        ByteBuffer preface = ByteBuffer.allocate(Preface.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        preface.putInt(Preface.MAGIC).putShort((short) 1).putShort((short) 1);
        socket.getOutputStream().write(preface.array());
        send(new Request.Hello(SessionId.NONE, Incarnation.NONE, leaseMillis, "silent", ""), 0);
        skip(nextLength());
    }

    /** Sends a request in a slot of its own, and does not wait for the answer. */
    void ask(Request request) throws IOException {
        send(request, FrameHeader.requestId(++lastSlot, 1));
    }

    private void send(Request request, long id) throws IOException {
        byte[] frame = new byte[RequestCodec.frameBytes(request)];
        RequestCodec.encode(request, id, ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN));
        socket.getOutputStream().write(frame);
    }

    /** Length of the rest of the next frame, -1 at the end of the stream. */
    private int nextLength() throws IOException {
        byte[] head = socket.getInputStream().readNBytes(Integer.BYTES);
        return head.length < Integer.BYTES
                ? -1
                : ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt() - Integer.BYTES;
    }

    private byte[] skip(int length) throws IOException {
        return socket.getInputStream().readNBytes(length);
    }

    /** How many locks it was granted until the server closed the connection. */
    int grantsUntilTheEnd() throws IOException {
        int grants = 0;
        for (int length = nextLength(); length >= 0; length = nextLength()) {
            ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
            frame.putInt(Integer.BYTES + length).put(skip(length));
            boolean ok = FrameHeader.status(frame, 0) == 0;
            if (ok && (FrameHeader.opcode(frame, 0) & 0x7f) == Opcode.LOCK.code()) {
                grants++;
            }
        }
        return grants;
    }

    /** Ends the connection with a reset, as a killed process does with unread bytes. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
