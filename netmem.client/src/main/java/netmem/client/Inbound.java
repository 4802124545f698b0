package netmem.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.WireLimits;

/** The bytes that come in on one connection, cut into frames. Confined to who has the duty to read, but for {@link #reads}. */
final class Inbound {
    /** Takes the frames that come in; runs on the thread that reads. */
    interface Frames {
        /** One whole frame from the buffer's position to its limit; the buffer is valid during the call. */
        void frame(ByteBuffer frame) throws IOException, MalformedFrameException;
    }

    private final SocketChannel channel;
    private final Buffers buffers;
    private ByteBuffer in;
    private boolean filled;
    private volatile int reads;
    private long frameBytesMax = WireLimits.GREETING_FRAME_BYTES_MAX;

    Inbound(SocketChannel channel, Buffers buffers) {
        this.channel = channel;
        this.buffers = buffers;
        this.in = buffers.incoming();
    }

    /** The greeting is over: longer frames may come. */
    void opened(int bytesMax) {
        frameBytesMax = bytesMax;
    }

    /** Reads once and hands out the frames that are whole. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // who has the duty to read alone writes it
    void read(Frames frames) throws IOException, MalformedFrameException {
        int count = channel.read(in);
        if (count < 0) {
            throw new IOException("the server closed the connection");
        }
        if (count > 0) {
            reads++; // pairs with reads()
        }
        filled = !in.hasRemaining();
        in.flip();
        split(frames);
    }

    /** Counts reads that brought bytes, whole frames or not: whoever sees it change knows that the server is alive. */
    int reads() {
        return reads; // pairs with read(): one writer at a time, any reader
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
            in = Buffers.direct((int) length).put(in);
            buffers.keepIncoming(in);
        } else {
            in.compact();
        }
    }
}
