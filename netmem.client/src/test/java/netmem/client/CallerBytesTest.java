package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import netmem.api.PageRange;
import netmem.api.Versioned;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Buffers of callers that cannot be read, fail while they are read, or change later: only their own call is concerned. */
@Timeout(60)
class CallerBytesTest {
    private static final int OS_PAGE = 4096;
    private static final int OS_PAGES = 8;
    private static final int PAGE_LENGTH = OS_PAGE * OS_PAGES;
    private static final List<PageRange> WHOLE = List.of(new PageRange(0, PAGE_LENGTH));

    private static NetMemServer server;

    @TempDir
    private Path folder;

    private NetMem mem;

    @BeforeAll
    static void start() {
        server = NetMemServer.builder()
                .pages(16)
                .pageLengthBytes(PAGE_LENGTH)
                .listen("127.0.0.1", 0)
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() {
        mem = NetMem.connect(server.uri());
    }

    @AfterEach
    void close() {
        mem.close();
    }

    private static ByteBuffer ofClosedArena() {
        try (Arena arena = Arena.ofConfined()) {
            return arena.allocate(PAGE_LENGTH).asByteBuffer();
        }
    }

    private static Throwable failure(CompletionStage<?> stage) {
        ExecutionException e = assertThrows(
                ExecutionException.class, () -> stage.toCompletableFuture().get(20, TimeUnit.SECONDS));
        return Objects.requireNonNull(e.getCause());
    }

    private void assertUntouched(int page, long version) {
        Versioned now = mem.read(page);
        assertEquals(version, now.version());
        assertEquals(-1, now.buffer().mismatch(ByteBuffer.allocate(PAGE_LENGTH)));
    }

    @Test
    void write_ofAClosedArena_failsAloneAmongOthers() throws Exception {
        long version = mem.version(0);
        AtomicBoolean done = new AtomicBoolean();
        byte[] sevens = new byte[PAGE_LENGTH];
        Arrays.fill(sevens, (byte) 7);
        try (ExecutorService others = Executors.newFixedThreadPool(3)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                int page = i;
                writers.add(others.submit(() -> {
                    while (!done.get()) {
                        mem.write(page, 0, sevens);
                    }
                }));
            }
            for (int i = 0; i < 100; i++) {
                assertThrows(IllegalArgumentException.class, () -> mem.write(0, WHOLE, ofClosedArena()));
                assertInstanceOf(
                        IllegalArgumentException.class, failure(mem.async().write(0, WHOLE, ofClosedArena())));
            }
            done.set(true);
            for (Future<?> writer : writers) {
                writer.get(20, TimeUnit.SECONDS);
            }
        }
        assertUntouched(0, version);
        for (int page = 1; page <= 3; page++) {
            assertEquals(-1, mem.read(page).buffer().mismatch(ByteBuffer.wrap(sevens)));
        }
    }

    @Test
    void writeAsStage_ofAConfinedArena_takesTheBytesOnTheCallersThread() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(PAGE_LENGTH).fill((byte) 5);
            CompletionStage<Long> written = mem.async().write(4, WHOLE, bytes.asByteBuffer());
            bytes.fill((byte) 6);
            written.toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
        assertEquals(5, mem.read(4).buffer().get(PAGE_LENGTH - 1));
    }

    /** The mapping fails at its n-th page of the system's memory, for each n. */
    @Test
    void write_ofAFileThatWasCut_failsAtEachByteWithoutEffect() throws Exception {
        for (int kept = 0; kept < OS_PAGES; kept++) {
            long version = mem.version(5);
            Path file = folder.resolve("cut-" + kept);
            try (Arena arena = Arena.ofShared();
                    FileChannel channel = FileChannel.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, PAGE_LENGTH, arena)
                        .asByteBuffer();
                channel.truncate((long) kept * OS_PAGE);
                assertThrows(IllegalArgumentException.class, () -> mem.write(5, WHOLE, mapped));
                assertInstanceOf(
                        IllegalArgumentException.class, failure(mem.async().write(5, WHOLE, mapped)));
            }
            assertUntouched(5, version);
        }
    }

    @Test
    void update_bufferKeptByTheBody_isNotTheCaches() {
        ByteBuffer[] kept = new ByteBuffer[1];
        Versioned changed = mem.update(6, page -> kept[0] = page.put(0, (byte) 1));
        kept[0].put(0, (byte) 99);
        assertEquals(1, changed.buffer().get(0));
        assertEquals(1, mem.read(6).buffer().get(0));
    }

    @Test
    void transactAndLocks_buffersKept_areNotTheCaches() {
        List<ByteBuffer> kept = new ArrayList<>();
        mem.transact(transaction -> kept.add(transaction.buffer(7).put(0, (byte) 1)));
        try (PageLock lock = mem.lock(8)) {
            kept.add(lock.buffer().put(0, (byte) 1));
            lock.commit();
        }
        try (LockGroup locks = mem.lockAll(9, 10)) {
            kept.add(locks.buffer(9).put(0, (byte) 1));
            kept.add(locks.buffer(10).put(0, (byte) 1));
            locks.commit();
        }
        kept.forEach(buffer -> buffer.put(0, (byte) 99));
        for (int page = 7; page <= 10; page++) {
            assertEquals(1, mem.read(page).buffer().get(0), "page " + page);
        }
    }

    @Test
    void arraysOfStages_changedAfterTheCall_areTakenAsTheyWere() throws Exception {
        byte[] bytes = {1};
        CompletionStage<Long> written = mem.async().write(11, 0, bytes);
        bytes[0] = 99;
        written.toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertEquals(1, mem.read(11).buffer().get(0));
        byte[] whole = new byte[PAGE_LENGTH];
        CompletionStage<?> compared = mem.async().compareAndUpdate(mem.read(12), whole);
        whole[0] = 99;
        compared.toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertEquals(0, mem.read(12).buffer().get(0));
        TransactionBuilder steps = mem.transaction().write(13, 0, new byte[] {1});
        CompletionStage<?> run = mem.async().run(steps);
        steps.write(13, 1, new byte[] {99});
        run.toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertEquals(0, mem.read(13).buffer().get(1));
        assertTrue(mem.read(13).buffer().get(0) == 1);
    }
}
