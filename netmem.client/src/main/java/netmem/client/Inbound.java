package netmem.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.WireLimits;

/** The bytes that come in on one connection, cut into frames. Confined to who has the duty to read. */
final class Inbound {
    /** Takes the frames that come in; runs on the thread that reads. */
    interface Frames {
        /** One whole frame from the buffer's position to its limit; the buffer is valid during the call. */
        void frame(ByteBuffer frame) throws IOException, MalformedFrameException;
    }

    private static final int BUFFER_BYTES = 64 << 10;

    private final SocketChannel channel;
    private ByteBuffer in = buffer(BUFFER_BYTES);
    private boolean filled;
    private long frameBytesMax = WireLimits.GREETING_FRAME_BYTES_MAX;

    Inbound(SocketChannel channel) {
        this.channel = channel;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The greeting is over: longer frames may come. */
    void opened(int bytesMax) {
        frameBytesMax = bytesMax;
    }

    /** Reads once and hands out the frames that are whole. */
    void read(Frames frames) throws IOException, MalformedFrameException {
        int count = channel.read(in);
        if (count < 0) {
            throw new IOException("the server closed the connection");
        }
        filled = !in.hasRemaining();
        in.flip();
        split(frames);
    }

    /** Whether the socket may have more than the last read brought. */
    boolean mayHaveMore() {
        return filled;
    }

    /** Hands out the whole frames in the buffer and keeps the rest, with room for the frame that it begins. */
    private void split(Frames frames) throws IOException, MalformedFrameException {
        int end = in.limit();
        long length = 0;
        while (in.remaining() >= Integer.BYTES) {
            int start = in.position();
            length = FrameHeader.length(in, start);
            MalformedFrameException violation = FrameHeader.lengthViolation(length, frameBytesMax);
            if (violation != null) {
                throw violation;
            }
            if (length > in.remaining()) {
                break;
            }
            int next = start + (int) length;
            length = 0;
            try {
                frames.frame(in.limit(next));
            } finally {
                in.limit(end).position(next);
            }
        }
        if (length > in.capacity()) {
            in = buffer((int) length).put(in);
        } else {
            in.compact();
        }
    }
}
