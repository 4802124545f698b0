package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.LogRecord;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Versioned;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Something throws between taking what is shared and giving it back whole: that call fails alone. */
@Timeout(60)
class ShortageTest extends FakeServerFixture {
    private static final List<Supplier<Throwable>> THROWN = List.of(
            () -> new OutOfMemoryError("test"),
            () -> new StackOverflowError("test"),
            () -> new IllegalStateException("test"));

    private static <T extends Throwable> RuntimeException sneaky(Throwable e) throws T {
        @SuppressWarnings("unchecked") // it is not checked, which is the point
        T any = (T) e;
        throw any;
    }

    /** A read that throws at one of its steps. */
    private static final class Thrower extends Call<String> {
        private final Supplier<Throwable> thrown;
        private final int step;
        private int steps;

        Thrower(Supplier<Throwable> thrown, int step) {
            super(new Deadline(System.nanoTime(), Duration.ofSeconds(5).toNanos()));
            this.thrown = thrown;
            this.step = step;
        }

        private void reach(int now) {
            if (now == step && steps++ == 0) {
                throw ShortageTest.<RuntimeException>sneaky(thrown.get());
            }
        }

        @Override
        String what() {
            return "thrower";
        }

        @Override
        Opcode opcode() {
            return Opcode.READ;
        }

        @Override
        @Nullable
        Failure misfit(Session into) {
            reach(0);
            return null;
        }

        @Override
        Request request(Session into, long nowNanos) {
            reach(1);
            ByteBuffer data = ByteBuffer.allocate(8);
            if (step == 2) {
                try (Arena arena = Arena.ofConfined()) {
                    data = arena.allocate(8).asByteBuffer();
                }
            }
            return step == 2
                    ? new Request.Write(1, 0, 0, 0, false, Ranges.of(0, 8), data)
                    : new Request.Read(1, 0, Ranges.NONE);
        }

        @Override
        void answered(Session from, Reply reply) {
            reach(3);
            succeed("answered");
        }
    }

    private Calls calls() {
        return ((RemoteNetMem) mem).calls();
    }

    /** Steps 0 to 2 are before a frame is whole, 3 is after its answer came. */
    @Test
    void call_throwingAtEachStep_failsAloneAndTheConnectionGoesOn() throws Exception {
        for (Supplier<Throwable> thrown : THROWN) {
            for (int step = 0; step <= 2; step++) {
                Thrower bad = new Thrower(thrown, step);
                assertThrows(Throwable.class, () -> calls().run(bad));
                assertFalse(bad.isAssigned(), "its slot is free again");
                FutureTask<Versioned> next = FakeServer.start(() -> mem.read(3));
                FakeServer.Frame frame = peer.nextCall();
                assertEquals(
                        new Request.Read(3, 0, Ranges.of(0, FakeServer.PAGE_LENGTH)),
                        frame.request(),
                        "no byte of the other is in the stream");
                peer.reply(new Reply.NotModified(7), frame);
                assertThrows(NetMemException.ProtocolBroken.class, () -> FakeServer.join(next));
            }
            FutureTask<String> late = FakeServer.start(() -> calls().run(new Thrower(thrown, 3)));
            peer.reply(new Reply.Data(1, Call.noData()), peer.nextCall());
            NetMemException e = assertThrows(NetMemException.class, () -> FakeServer.join(late));
            assertEquals(Outcome.NO_EFFECT, e.outcome());
            assertEquals(thrown.get() instanceof Error, e instanceof NetMemException.HeapExhausted, e::toString);
        }
        FutureTask<Long> last = FakeServer.start(() -> mem.version(4));
        peer.reply(new Reply.Data(9, Call.noData()), peer.nextCall());
        assertEquals(9, FakeServer.join(last), "on the first connection still");
    }

    @Test
    void outbound_encodingFailsHalfway_takesItsBytesBack() throws IOException {
        Options options = new Options(
                Address.parse("netmem://localhost"), 1, 1, "", "", 0, PageCache.ofBytes(0), 1, 1, 1, null, false);
        Buffers buffers = new Buffers();
        ByteBuffer gathering = buffers.gathering();
        try (SocketChannel channel = SocketChannel.open();
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            Outbound out =
                    new Outbound(new Exchange(options), buffers, channel, channel.register(selector, 0), _ -> {});
            ByteBuffer gone;
            try (Arena arena = Arena.ofConfined()) {
                gone = arena.allocate(512).asByteBuffer();
            }
            Request bad = new Request.Write(1, 0, 0, 0, false, Ranges.of(0, 512), gone);
            assertThrows(IllegalStateException.class, () -> out.append(bad, 1));
            assertEquals(0, gathering.position());
            Request good = new Request.Ping();
            assertEquals(RequestCodec.frameBytes(good), out.append(good, 2));
            assertEquals(RequestCodec.frameBytes(good), gathering.position());
            assertEquals(2, FrameHeader.requestId(gathering, 0));
        }
    }

    @Test
    void reconnecting_again_usesTheSameBuffers() {
        Buffers buffers = new Buffers();
        ByteBuffer in = buffers.incoming();
        assertSame(in, buffers.incoming());
        ByteBuffer larger = Buffers.direct(1 << 20);
        buffers.keepIncoming(larger);
        assertSame(larger, buffers.incoming());
        assertNotSame(in, buffers.incoming());
    }

    @Test
    void logHandler_throwing_doesNotKeepTheClientFromConnectingAgain() throws Exception {
        Consumer<LogRecord> throwing = _ -> { // as a program's own handler would, by mistake
            throw new LinkageError("a handler of the test");
        };
        try (ClientLog _ = new ClientLog(throwing)) {
            peer.write(new byte[16]); // a frame that is no frame: the connection ends with a warning
            try (FakeServer.Peer again = server.accept()) {
                again.greet(FakeServer.welcome(true));
                FutureTask<Long> version = FakeServer.start(() -> mem.version(4));
                again.reply(new Reply.Data(9, Call.noData()), again.nextCall());
                assertEquals(9, FakeServer.join(version));
                again.reset();
            }
        }
    }

    /** The page comes one byte at a time, over longer than it takes to give a silent server up. */
    @Test
    void answer_comingSlowly_isNotSilence() throws Exception {
        FutureTask<Versioned> read =
                FakeServer.start(() -> mem.within(Duration.ofSeconds(30)).read(3));
        FakeServer.Frame frame = peer.nextCall();
        byte[] whole = FakeServer.frame(new Reply.Data(7, FakeServer.page(9)), frame);
        int piece = whole.length / 9;
        for (int at = 0; at < whole.length; at += piece) {
            peer.write(Arrays.copyOfRange(whole, at, Math.min(whole.length, at + piece)));
            Thread.sleep(500); // the pace of the link is what is tested
        }
        assertEquals(7, FakeServer.join(read).version());
    }

    @Test
    void connections_oneAfterTheOther_takeNoMoreDirectMemory() throws Exception {
        Duration soon = Duration.ofMillis(1);
        FakeServer.Pair quick = server.connect(options -> options.backoff(soon, soon));
        quick.peer().close();
        server.accept().close();
        long before = directBytes();
        for (int i = 0; i < 50; i++) {
            server.accept().close();
        }
        assertTrue(directBytes() - before < 50 * (64 << 10), () -> directBytes() - before + " bytes more");
        quick.mem().close();
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
