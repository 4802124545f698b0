package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import netmem.server.config.ServerConfig.Transport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An event loop with many tasks comes to its sockets between them; Netty's own loops come to them behind all. */
@Timeout(60)
class LoopGroupTest {
    private static final int TASKS = 4000;
    private static final long TASK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final ThreadFactory THREADS = new DefaultThreadFactory("loop-group-test", true);

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"EPOLL", "NIO"})
    void manyTasks_socketsAreLookedAfterBetweenThem(Transport choice) throws Exception {
        Transports transport = Transports.of(choice);
        int before = tasksRunBeforeAConnection(new LoopGroup(1, THREADS, transport.loops()), transport);
        assertTrue(before < TASKS / 4, before + " of " + TASKS + " tasks were run before");
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"EPOLL", "NIO"})
    void control_nettysOwnLoops_runAllTasksFirst(Transport choice) throws Exception {
        Transports transport = Transports.of(choice);
        int before =
                tasksRunBeforeAConnection(new MultiThreadIoEventLoopGroup(1, THREADS, transport.loops()), transport);
        assertEquals(TASKS, before);
    }

    /** How many tasks run before a connection is accepted that waits already when the first one begins. */
    private static int tasksRunBeforeAConnection(EventLoopGroup loops, Transports transport) throws Exception {
        AtomicInteger run = new AtomicInteger();
        CompletableFuture<Integer> accepted = new CompletableFuture<>();
        try (Socket socket = new Socket()) {
            Channel listening = new ServerBootstrap()
                    .group(loops)
                    .channel(transport.serverChannel())
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            accepted.complete(run.get());
                        }
                    })
                    .bind("127.0.0.1", 0)
                    .sync()
                    .channel();
            loops.next().execute(() -> {
                connect(socket, (InetSocketAddress) listening.localAddress());
                for (int i = 0; i < TASKS; i++) {
                    loops.next().execute(() -> spin(run));
                }
            });
            return accepted.get(30, TimeUnit.SECONDS);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** The system completes it without the loop, which is busy with this. */
    private static void connect(Socket socket, InetSocketAddress address) {
        try {
            socket.connect(address);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void spin(AtomicInteger run) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < TASK_NANOS) {
            Thread.onSpinWait();
        }
        run.incrementAndGet();
    }
}
