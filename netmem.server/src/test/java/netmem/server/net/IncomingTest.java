package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.stream.Stream;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames come out as they went in, in whatever pieces they came, and whoever else uses the loop's buffer meanwhile. */
@Timeout(60)
final class IncomingTest {
    private static final int LENGTH_BYTES = 4;
    private static final int PIECE_BYTES_MAX = 300 << 10;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final LoopBuffers loop = new LoopBuffers();
    private final IncomingBudget budget = new IncomingBudget(ServerLimits.DEFAULTS);

    /** A connection: each frame is its length, and bytes by chance that follow from the seed. */
    private final class Wire {
        private final Incoming incoming = new Incoming(loop, budget);
        private final Random sent;
        private final Random expected;
        private ByteBuffer unsent = ByteBuffer.allocate(0);
        private int frames;

        Wire(long seed) {
            sent = new Random(seed);
            expected = new Random(seed);
        }

        private ByteBuffer frame(Random random) {
            int bound = random.nextInt(20) == 0 ? 1 << 20 : 10_000;
            byte[] data = new byte[random.nextInt(bound)];
            random.nextBytes(data);
            ByteBuffer frame = ByteBuffer.allocate(LENGTH_BYTES + data.length);
            return frame.putInt(frame.capacity()).put(data).flip();
        }

        /** One read of the socket, and what the connection does with it. */
        void read(int bytes) {
            ByteBuf room = incoming.room(allocator);
            for (int left = Math.min(bytes, room.writableBytes()); left > 0; ) {
                unsent = unsent.hasRemaining() ? unsent : frame(sent);
                int some = Math.min(left, unsent.remaining());
                room.writeBytes(unsent.slice(unsent.position(), some));
                unsent.position(unsent.position() + some);
                left -= some;
            }
            incoming.append(room);
            while (incoming.available() >= LENGTH_BYTES && incoming.available() >= length()) {
                ByteBuffer wanted = frame(expected);
                assertEquals(wanted.remaining(), length());
                assertEquals(wanted, incoming.view(length(), ByteOrder.BIG_ENDIAN));
                incoming.skip(length());
                frames++;
            }
            incoming.keep(incoming.available() < LENGTH_BYTES ? 0 : length());
        }

        private int length() {
            return incoming.view(LENGTH_BYTES, ByteOrder.BIG_ENDIAN).getInt();
        }
    }

    @Test
    void frames_inPiecesByChanceOnConnectionsByTurns_comeOutWhole() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Wire[] wires =
                Stream.generate(() -> new Wire(random.nextLong())).limit(5).toArray(Wire[]::new);
        for (int i = 0; i < 3000; i++) {
            int bytes = 1 + random.nextInt(1 << random.nextInt(1, 19));
            int turn = i;
            try {
                wires[random.nextInt(wires.length)].read(Math.min(bytes, PIECE_BYTES_MAX));
            } catch (AssertionError e) {
                throw new AssertionError("seed=" + seed + " turn=" + turn, e);
            }
        }
        int frames = 0;
        for (Wire wire : wires) {
            frames += wire.frames;
            wire.incoming.release();
        }
        assertTrue(frames > 300, "frames: " + frames + " (expected: > 300) seed=" + seed);
        assertEquals(0, allocator.metric().usedDirectMemory(), "seed=" + seed);
    }

    @Test
    void longFrame_announcedButNotSent_takesFewTimesWhatWasSent() {
        Incoming incoming = new Incoming(loop, budget);
        ByteBuf room = incoming.room(allocator);
        room.writeInt(1 << 20).writeZero(96);
        incoming.append(room);
        incoming.keep(1 << 20);
        assertEquals(1 << 20, budget.bytes(), "its share");
        assertEquals(400, incoming.capacity());
        incoming.release();
        assertEquals(0, budget.bytes());
    }

    @Test
    void connection_withNothingLeftOver_holdsNothing() {
        Incoming incoming = new Incoming(loop, budget);
        ByteBuf room = incoming.room(allocator);
        incoming.append(room.writeInt(7));
        incoming.skip(LENGTH_BYTES);
        incoming.keep(0);
        assertEquals(1, room.refCnt());
        assertEquals(0, allocator.metric().usedDirectMemory());
    }
}
