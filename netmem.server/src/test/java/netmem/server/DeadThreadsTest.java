package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import netmem.server.config.ServerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A thread of the server that cannot go on: the program ends, so that it is started anew, and an embedded server
 * tells its owner.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DeadThreadsTest {
    @TempDir
    private Path folder = Path.of("unset");

    private static void assertEndsWith(ServerProcess program, String why) throws IOException, InterruptedException {
        assertEquals(1, program.exitCode(), program.toString());
        assertTrue(program.errors().contains("netmem-server: " + why), program.toString());
        assertTrue(program.errors().contains("its clients would wait in vain, so it ends"), program.toString());
    }

    /** Loop 1 has the engine's timer, loop 2 the acceptor. */
    @ParameterizedTest
    @CsvSource({"epoll, 1", "epoll, 2", "nio, 1", "nio, 2"})
    void program_eventLoopDies_endsWithAMessageAndACode(String transport, int loop) throws Exception {
        try (ServerProcess program = ServerProcess.startPlanted(
                folder,
                "loop-" + loop,
                "--listen=127.0.0.1:0",
                "--event-loops=2",
                "--connections-max=1",
                "--transport=" + transport)) {
            int port = program.awaitReady();
            try (RawClient held = new RawClient(port)) {
                held.greet(RawClient.hello(0));
                while (accepts(port)) {
                    Thread.onSpinWait();
                }
            }
            assertEndsWith(program, "the event loop netmem-io-");
            assertTrue(program.errors().contains("-" + loop + " has ended"), program.toString());
        }
    }

    private static boolean accepts(int port) throws IOException {
        try (RawClient refused = new RawClient(port)) {
            refused.assertEndedOrReset();
            return true;
        } catch (SocketException gone) {
            return false;
        }
    }

    /** As the writer of the latency log, or the threads that the JVM calls handlers of signals on. */
    @Test
    void program_anyOtherThreadDies_endsWithAMessageAndACode() throws Exception {
        try (ServerProcess program = ServerProcess.startPlanted(folder, "thread", "--listen=127.0.0.1:0")) {
            program.awaitReady();
            program.tell("now");
            assertEndsWith(program, "the thread netmem-planted has ended: java.lang.LinkageError: planted");
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL, 0", "EPOLL, 1", "NIO, 0", "NIO, 1"})
    void embedded_eventLoopDies_ownerIsToldOnceAndCanClose(ServerConfig.Transport transport, int loop)
            throws Exception {
        LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        Logger lastResort = Logger.getLogger("io.netty.util.concurrent.AbstractEventExecutor");
        Logger end = Logger.getLogger("io.netty.util.concurrent.SingleThreadEventExecutor");
        end.setFilter(_ -> false);
        NetMemServer server = NetMemServer.start(config(transport), told::add);
        try (RawClient one = RawClient.greeted(server);
                RawClient other = RawClient.greeted(server)) {
            one.assertAlive();
            other.assertAlive();
            lastResort.setFilter(_ -> {
                throw new LinkageError("planted too");
            });
            PlantedFault.loops(server).get(loop).execute(() -> {
                throw new LinkageError("planted");
            });
            String why = told.poll(30, TimeUnit.SECONDS);
            assertTrue(String.valueOf(why).contains("has ended: "), why);
            server.close();
            assertTrue(told.isEmpty(), told::toString);
        } finally {
            lastResort.setFilter(null);
            end.setFilter(null);
            server.close();
        }
    }

    private static ServerConfig config(ServerConfig.Transport transport) {
        ServerConfig defaults = ServerConfig.DEFAULTS;
        return new ServerConfig(
                defaults.host(),
                0,
                4,
                defaults.pageLengthBytes(),
                defaults.arenaFile(),
                false,
                ServerConfig.HugePages.OFF,
                defaults.token(),
                false,
                transport,
                2,
                defaults.limits());
    }
}
