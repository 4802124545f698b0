package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import java.util.stream.Stream;
import netmem.api.NetMemException;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every place where the program's own code runs, with everything that it may do there: the client goes on. */
@Timeout(120)
class UserCodeTest {
    /** What the code does. */
    enum Deed {
        THROW_EXCEPTION,
        THROW_ERROR,
        THROW_CHECKED,
        INTERRUPT_ITSELF,
        CALL_BACK,
        BLOCK,
        CLOSE_THE_CLIENT
    }

    /** Where it runs. */
    enum Place {
        WATCH_CHANGED,
        WATCH_MEMORY_LOST,
        ON_LOST,
        ON_MEMORY_LOST,
        LOG_HANDLER,
        STAGE_CONTINUATION,
        STAGE_BODY,
        UPDATE_BODY,
        TRANSACT_BODY,
        PEEK_BODY
    }

    private static final Logger CLIENTS = Logger.getLogger("netmem.client");
    private static final AtomicReference<Runnable> LOG = new AtomicReference<>(() -> {});
    private static ClientLog programsLog;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private NetMemServer server;
    private volatile NetMem mem;

    @BeforeAll
    static void listen() {
        CLIENTS.setUseParentHandlers(false);
        programsLog = new ClientLog(_ -> LOG.get().run());
        Thread.setDefaultUncaughtExceptionHandler((_, thrown) -> {
            throw new IllegalStateException("the handler throws too", thrown);
        });
    }

    @AfterAll
    static void hush() {
        programsLog.close();
        CLIENTS.setUseParentHandlers(true);
        Thread.setDefaultUncaughtExceptionHandler(null);
    }

    @BeforeEach
    void start() {
        server = server(0);
        mem = builder().followRestarts().connect();
    }

    private NetMemBuilder builder() {
        return NetMem.builder(server.uri()).backoff(Duration.ofMillis(1), Duration.ofMillis(5));
    }

    @AfterEach
    void stop() {
        released.countDown();
        LOG.set(() -> {});
        mem.close();
        server.close();
    }

    private static NetMemServer server(int port) {
        return NetMemServer.builder().pages(8).listen("127.0.0.1", port).start();
    }

    static Stream<Arguments> all() {
        return Stream.of(Place.values())
                .flatMap(place -> Stream.of(Deed.values()).map(deed -> Arguments.of(place, deed)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void code_whateverItDoes_endsNothing(Place place, Deed deed) throws Exception {
        FutureTask<Boolean> running = FakeServer.start(() -> {
            try {
                run(place, () -> act(deed));
            } catch (Throwable _) { // what the code threw, or what its call says then
                return false;
            }
            return true;
        });
        assertTrue(begun.await(20, TimeUnit.SECONDS), "the code ran");
        if (place == Place.ON_MEMORY_LOST) {
            mem.renew();
        }
        if (deed == Deed.CLOSE_THE_CLIENT) {
            boolean _ = FakeServer.join(running);
            awaitClosed();
            return;
        }
        assertEquals(0, mem.within(Duration.ofSeconds(20)).read(7).buffer().get(0));
        mem.within(Duration.ofSeconds(20)).write(7, 0, new byte[] {1});
        CountDownLatch told = new CountDownLatch(1);
        try (Watch watch = mem.watch(6, 1, (_, _) -> told.countDown())) {
            mem.write(6, 0, new byte[] {1});
            assertTrue(told.await(20, TimeUnit.SECONDS), watch::toString);
        }
        assertEquals(
                1,
                mem.async()
                        .read(7)
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS)
                        .buffer()
                        .get(0));
        released.countDown();
        boolean _ = FakeServer.join(running);
        mem.update(5, page -> page.put(0, (byte) 2));
        try (PageLock lock = mem.lock(5)) {
            assertTrue(lock.isHeld());
        }
    }

    private void awaitClosed() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() - end < 0) {
            try {
                mem.version(0);
                Thread.onSpinWait();
            } catch (NetMemException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("the client is closed"), e::toString);
                return;
            }
        }
        throw new AssertionError("not closed");
    }

    private void act(Deed deed) {
        begun.countDown();
        switch (deed) {
            case THROW_EXCEPTION -> throw new IllegalStateException("as the test says");
            case THROW_ERROR -> throw new LinkageError("as the test says");
            case THROW_CHECKED -> throw UserCodeTest.<RuntimeException>unchecked(new Exception("as the test says"));
            case INTERRUPT_ITSELF -> Thread.currentThread().interrupt();
            case CALL_BACK -> {
                mem.read(1);
                mem.write(2, 0, new byte[] {1});
                mem.lock(3).close();
            }
            case BLOCK -> {
                try {
                    boolean _ = released.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            case CLOSE_THE_CLIENT -> mem.close();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as other languages throw what they like
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Has the code run at a place, and returns when the call that brings it there has ended, if there is one. */
    private void run(Place place, Runnable code) {
        switch (place) {
            case WATCH_CHANGED -> {
                mem.watch(0, 1, (_, _) -> code.run());
                mem.write(0, 0, new byte[] {1});
            }
            case WATCH_MEMORY_LOST -> {
                mem.watch(0, 1, new Watch.Listener() {
                    @Override
                    public void changed(long page, long version) {}

                    @Override
                    public void memoryLost() {
                        code.run();
                    }
                });
                restart();
            }
            case ON_LOST -> {
                mem.lock(0).onLost(code);
                restart();
            }
            case ON_MEMORY_LOST -> {
                mem.close();
                mem = builder().connect(); // one that follows restarts asks nobody
                mem.onMemoryLost(_ -> code.run());
                restart();
            }
            case LOG_HANDLER -> {
                LOG.set(code);
                restart();
            }
            case STAGE_CONTINUATION -> mem.async().read(0).thenRun(code);
            case STAGE_BODY -> mem.async().update(0, _ -> code.run());
            case UPDATE_BODY -> mem.update(0, _ -> code.run());
            case TRANSACT_BODY ->
                mem.transact(transaction -> {
                    transaction.buffer(0).put(0, (byte) 1);
                    code.run();
                    return 1;
                });
            case PEEK_BODY ->
                mem.peek(0, _ -> {
                    code.run();
                    return 1;
                });
        }
    }

    /** The memory is lost, and the session with it. */
    private void restart() {
        int port = server.port();
        server.close();
        server = server(port);
    }

    @ParameterizedTest
    @EnumSource(value = Deed.class, names = "CLOSE_THE_CLIENT", mode = EnumSource.Mode.EXCLUDE)
    void watch_whateverItsListenerDoes_goesOn(Deed deed) throws Exception {
        CountDownLatch told = new CountDownLatch(2);
        mem.watch(0, 1, (_, version) -> {
            told.countDown();
            if (version < 3) {
                act(deed);
            }
        });
        mem.write(0, 0, new byte[] {1});
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        released.countDown();
        mem.write(0, 0, new byte[] {2});
        assertTrue(told.await(20, TimeUnit.SECONDS));
    }
}
