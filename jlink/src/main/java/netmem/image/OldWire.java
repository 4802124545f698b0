package netmem.image;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A connection that speaks the NetMem 0.2 wire, one request at a time. Confined to one thread. */
final class OldWire implements AutoCloseable {
    static final int GET_VERSION = 0;
    static final int GET_PARAMS = 1;
    static final int READ_PAGE = 2;
    static final int LOCK_PAGE = 3;
    static final int UNLOCK_PAGE = 4;
    static final int UPDATE_PAGE = 5;

    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    OldWire(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** Sends one request, waits for its reply and returns the reply's version field. */
    int call(int type, int page, int version, byte[] data) throws IOException {
        out.writeByte(type);
        out.writeInt(page);
        out.writeInt(data.length);
        out.writeInt(version);
        out.write(data);
        out.flush();
        int repliedType = in.readUnsignedByte();
        in.readInt();
        int lengthBytes = in.readInt();
        int repliedVersion = in.readInt();
        in.skipNBytes(lengthBytes);
        if (repliedType != type) {
            throw new IOException("type: " + repliedType + " (expected: " + type + ") page=" + page);
        }
        return repliedVersion;
    }

    int call(int type, int page) throws IOException {
        return call(type, page, 0, new byte[0]);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
