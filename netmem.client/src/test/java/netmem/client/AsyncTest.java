package netmem.client;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import netmem.api.LockState;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The face without blocking: that it has what the blocking one has, and what its own rules say. */
@Timeout(60)
class AsyncTest {
    /** What never blocks, or ends the client; {@code transaction()} is mirrored by {@code run}. */
    private static final Set<String> NOT_MIRRORED = Set.of(
            "renew()",
            "onMemoryLost(Consumer<NetMem>)",
            "pageCount()",
            "pageLengthBytes()",
            "transaction()",
            "within(Duration)",
            "async()",
            "close()");

    private static final Map<Type, Type> BOXES = Map.of(long.class, Long.class);

    private NetMemServer server;
    private NetMem mem;
    private NetMem other;
    private NetMemAsync async;

    @BeforeEach
    void start() {
        server = NetMemServer.builder()
                .pages(16)
                .pageLengthBytes(64)
                .listen("127.0.0.1", 0)
                .start();
        mem = NetMem.builder(server.uri()).name("one").connect();
        other = NetMem.builder(server.uri()).name("two").connect();
        async = mem.async();
    }

    @AfterEach
    void stop() {
        mem.close();
        other.close();
        server.close();
    }

    private static <R> R end(CompletionStage<R> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static <R> NetMemException failure(CompletionStage<R> stage) throws Exception {
        return assertInstanceOf(NetMemException.class, end(stage.handle((_, e) -> e)));
    }

    private void awaitWaiters(long count) {
        while (!Long.valueOf(count).equals(mem.stats().get("waiters"))) {
            Thread.onSpinWait();
        }
    }

    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getGenericParameterTypes())
                        .map(type -> type.getTypeName().replaceAll("[a-z]+\\.|Transaction\\$|Watch\\$", ""))
                        .collect(joining(", ", "(", ")"));
    }

    private static Set<String> signatures(Class<?> face) {
        return Arrays.stream(face.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .map(AsyncTest::signature)
                .collect(toCollection(TreeSet::new));
    }

    private static void assertMirrors(Class<?> blocking, Class<?> stages, Set<String> notMirrored) throws Exception {
        for (Method method : blocking.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers()) && !notMirrored.contains(signature(method))) {
                Type mirrored = stages.getMethod(method.getName(), method.getParameterTypes())
                        .getGenericReturnType();
                Type result = method.getGenericReturnType();
                if (result == Locks.class) {
                    assertSame(LocksAsync.class, mirrored, method::toString);
                } else {
                    ParameterizedType stage = assertInstanceOf(ParameterizedType.class, mirrored, method::toString);
                    assertSame(CompletionStage.class, stage.getRawType(), method::toString);
                    assertEquals(
                            BOXES.getOrDefault(result, result).getTypeName(),
                            stage.getActualTypeArguments()[0].getTypeName(),
                            method::toString);
                }
            }
        }
    }

    @Test
    void faces_methodByMethod_areTheSame() throws Exception {
        assertMirrors(Locks.class, LocksAsync.class, Set.of());
        assertMirrors(NetMem.class, NetMemAsync.class, NOT_MIRRORED);
        assertEquals(signatures(Locks.class), signatures(LocksAsync.class));
        Set<String> expected = signatures(NetMem.class);
        assertTrue(expected.removeAll(NOT_MIRRORED) && expected.add("run(TransactionBuilder)"));
        assertEquals(expected, signatures(NetMemAsync.class));
    }

    @Test
    void run_runsTheStepsOfATransaction() throws Exception {
        Versioned before = mem.read(1);
        TransactionResult result =
                end(async.run(mem.transaction().add(1, 8, -100).add(2, 8, 100)));
        assertEquals(
                Map.of(1L, 2L, 2L, 2L),
                assertInstanceOf(TransactionResult.Committed.class, result).versions());
        long peeked = end(async.peek(1, page -> page.getLong(8)));
        assertEquals(-100, peeked);
        assertEquals(2L, end(async.version(2)));
        assertInstanceOf(
                TransactionResult.Refused.class,
                end(async.run(mem.transaction().ifUnchanged(before).add(2, 8, 1))));
        assertEquals(
                100L, end(async.<Long>transact(tries -> tries.read(2).buffer().getLong(8))));
    }

    @Test
    void lockAll_andLock_commitInAStageThatDependsOnThem() throws Exception {
        end(async.lockAll(3, 4).thenApply(group -> {
            group.buffer(3).putLong(0, 33);
            return group.commit();
        }));
        assertEquals(33, other.read(3).buffer().getLong(0));
        long version = end(async.lock(3).thenApply(lock -> {
            lock.buffer().putLong(0, 34);
            return lock.commit();
        }));
        assertEquals(3, version);
        try (PageLock one = end(async.lockShared(3));
                PageLock two = end(async.tryLockShared(3, Duration.ZERO)).orElseThrow()) {
            assertTrue(one.isHeld() && two.isShared());
            LockState state = end(async.lockInfo(3));
            assertEquals(2, state.holders());
            assertEquals("one", state.holderName());
            assertTrue(end(async.tryLock(3, Duration.ZERO)).isEmpty());
        }
    }

    @Test
    void owner_inACircle_getsDeadlock() throws Exception {
        LocksAsync left = async.owner();
        LocksAsync right = other.async().owner();
        PageLock one = end(left.lock(1));
        PageLock two = end(right.lock(2));
        CompletionStage<PageLock> waiting = left.lock(2);
        awaitWaiters(1);
        NetMemException failure = failure(right.lock(1));
        assertInstanceOf(NetMemException.Deadlocked.class, failure);
        assertEquals(Outcome.NO_EFFECT, failure.outcome());
        two.close();
        end(waiting).close();
        one.close();
    }

    @Test
    void lockStages_cancelled_leaveNothingBehind() throws Exception {
        try (PageLock held = other.lock(5)) {
            CompletableFuture<LockGroup> group = async.lockAll(5, 6).toCompletableFuture();
            CompletableFuture<PageLock> single = async.lock(5).toCompletableFuture();
            awaitWaiters(2);
            assertTrue(group.cancel(false) && single.cancel(false));
            awaitWaiters(0);
            assertTrue(held.isHeld());
        }
        try (LockGroup both = other.lockAll(5, 6)) {
            assertTrue(both.isHeld());
        }
    }

    @Test
    void watch_tellsChanges_untilClosed() throws Exception {
        BlockingQueue<Long> told = new LinkedBlockingQueue<>();
        try (Watch watch = end(async.watch(7, 1, (_, version) -> told.add(version)))) {
            long version = other.write(7, 0, new byte[] {1});
            assertEquals(version, told.poll(20, TimeUnit.SECONDS));
            assertTrue(watch.failure().isEmpty());
        }
    }

    @Test
    void peek_whoseFunctionThrows_failsWithThat() throws Exception {
        IllegalStateException own = new IllegalStateException("own");
        assertSame(
                own,
                end(async.peek(1, _ -> {
                            throw own;
                        })
                        .handle((_, e) -> e)));
        assertEquals(1L, end(async.version(1)));
    }
}
