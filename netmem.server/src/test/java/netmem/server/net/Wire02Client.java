package netmem.server.net;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/** A program of NetMem 0.2 as its socket sees it: 13-byte headers out, 13-byte headers back, nothing of our codecs. Confined to one thread. */
final class Wire02Client implements AutoCloseable {
    static final int HEADER_BYTES = 13;
    static final int GET_VERSION = 0;
    static final int GET_PARAMS = 1;
    static final int READ_PAGE = 2;
    static final int LOCK_PAGE = 3;
    static final int UNLOCK_PAGE = 4;
    static final int UPDATE_PAGE = 5;
    static final int NO_SUCH_PAGE = 100;
    static final int PAGE_NOT_LOCKED = 101;

    private static final int PATIENCE_MILLIS = 10_000;
    private static final ByteBuffer NO_DATA = ByteBuffer.allocate(0);

    private final Socket socket;
    private final DataInputStream in;

    /** A reply as it came; {@code data} has {@code length} bytes. */
    record Reply(int type, long page, long length, int version, ByteBuffer data) {}

    Wire02Client(int port) {
        try {
            socket = new Socket();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request of any shape; the length field need not be that of the data. */
    static byte[] frame(int type, long page, long length, int version, byte... data) {
        return ByteBuffer.allocate(HEADER_BYTES + data.length)
                .put((byte) type)
                .putInt((int) page)
                .putInt((int) length)
                .putInt(version)
                .put(data)
                .array();
    }

    /** What the server says when it has no data to send. */
    static Reply bare(int type, long page, int version) {
        return new Reply(type, page, 0, version, NO_DATA);
    }

    static Reply full(int type, long page, int version, byte[] data) {
        return new Reply(type, page, data.length, version, ByteBuffer.wrap(data));
    }

    void send(byte[]... frames) {
        try {
            for (byte[] frame : frames) {
                socket.getOutputStream().write(frame);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Reply receive() {
        byte[] header = receive(HEADER_BYTES);
        ByteBuffer fields = ByteBuffer.wrap(header);
        int type = Byte.toUnsignedInt(fields.get());
        long page = Integer.toUnsignedLong(fields.getInt());
        long length = Integer.toUnsignedLong(fields.getInt());
        int version = fields.getInt();
        return new Reply(type, page, length, version, ByteBuffer.wrap(receive(Math.toIntExact(length))));
    }

    byte[] receive(int bytes) {
        try {
            byte[] received = new byte[bytes];
            in.readFully(received);
            return received;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Reply getVersion() {
        send(frame(GET_VERSION, 0, 0, 0));
        return receive();
    }

    Reply getParams() {
        send(frame(GET_PARAMS, 0, 0, 0));
        return receive();
    }

    Reply read(long page, int versionHeld) {
        send(frame(READ_PAGE, page, 0, versionHeld));
        return receive();
    }

    void sendLock(long page, int versionHeld) {
        send(frame(LOCK_PAGE, page, 0, versionHeld));
    }

    Reply lock(long page, int versionHeld) {
        sendLock(page, versionHeld);
        return receive();
    }

    Reply unlock(long page, byte[] data) {
        send(frame(UNLOCK_PAGE, page, data.length, 0, data));
        return receive();
    }

    Reply update(long page, int version, byte[] data) {
        send(frame(UPDATE_PAGE, page, data.length, version, data));
        return receive();
    }

    /** Whether a reply, or the end of the stream, is there already. */
    boolean hasReceived() {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the server stays silent and connected for this long. */
    boolean isSilentFor(int millis) {
        try {
            socket.setSoTimeout(millis);
            in.readByte();
            return false;
        } catch (SocketTimeoutException silent) {
            return true;
        } catch (IOException closed) {
            return false;
        } finally {
            patient();
        }
    }

    private void patient() {
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the server ends the stream with nothing more to say. */
    boolean isEnded() {
        try {
            in.readByte();
            return false;
        } catch (EOFException | SocketException ended) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that nothing more comes, as a program does that only waits for its replies. */
    void endSending() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Dies as a killed machine's kernel would tell: the server gets a reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
