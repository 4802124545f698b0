package netmem.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import netmem.api.Fetched;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions against the real server. */
@Timeout(60)
class TransactionTest extends ServerFixture {
    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private long word(long page) {
        return mem.read(page).buffer().getLong(0);
    }

    @Test
    void run_whoseComparesHold_changesAllPagesAndBringsWhatWasBefore() {
        mem.write(1, 0, bytes(5, 6));
        TransactionResult result = mem.transaction()
                .ifUnchanged(mem.read(1))
                .ifBytes(1, 1, bytes(6))
                .read(1, 0, 2)
                .write(2, 8, bytes(9))
                .add(1, 0, 1)
                .atomic(1, 0, WordFunction.XOR, 1)
                .run();
        TransactionResult.Committed committed = assertInstanceOf(TransactionResult.Committed.class, result);
        assertEquals(Map.of(1L, 3L, 2L, 2L), committed.versions());
        TransactionResult.Results results = committed.results().orElseThrow();
        Versioned read = results.reads().getFirst();
        assertEquals(2, read.version());
        assertArrayEquals(bytes(5, 6), read.bytes());
        long before = 0x605;
        assertEquals(List.of(new Fetched(before, 3), new Fetched(before + 1, 3)), results.words());
        assertEquals((before + 1) ^ 1, word(1));
        assertEquals(9, mem.read(2).buffer().get(8));
    }

    @Test
    void run_whoseComparesFail_changesNothingAndBringsThePages() {
        Versioned before = mem.read(1);
        mem.write(1, 0, bytes(7));
        TransactionResult result = mem.transaction()
                .ifUnchanged(before)
                .ifUnchanged(mem.read(2))
                .ifBytes(3, 0, bytes(1))
                .write(2, 0, bytes(1))
                .run();
        TransactionResult.Refused refused = assertInstanceOf(TransactionResult.Refused.class, result);
        assertEquals(2, refused.failed().size());
        TransactionResult.Compare first = refused.failed().getFirst();
        assertEquals(List.of(0, 1L, 2L), List.of(first.step(), first.page(), first.version()));
        assertEquals(7, first.current().orElseThrow().buffer().get(0));
        TransactionResult.Compare second = refused.failed().get(1);
        assertEquals(List.of(2, 3L, 1L), List.of(second.step(), second.page(), second.version()));
        assertEquals(1, mem.version(2));
    }

    @Test
    void run_underAHeldLock_changesItsPage_andTheCommitKeepsIt() {
        try (PageLock lock = mem.lock(4)) {
            TransactionResult result =
                    mem.transaction().ifHeld(lock).write(4, 0, bytes(1)).run();
            assertInstanceOf(TransactionResult.Committed.class, result);
            lock.buffer().put(1, (byte) 2);
            assertEquals(3, lock.commit());
        }
        assertEquals(0x201, word(4));
        assertEquals(0x201, mem.update(4, page -> {}).buffer().getLong(0));
    }

    @Test
    void run_afterTheLockWasGivenBack_isRefused() {
        PageLock lock = mem.lock(4);
        lock.close();
        TransactionResult result = mem.transaction().ifHeld(lock).add(4, 0, 1).run();
        TransactionResult.Refused refused = assertInstanceOf(TransactionResult.Refused.class, result);
        assertEquals(0, refused.failed().getFirst().token());
        assertEquals(0, word(4));
    }

    @Test
    void run_onAPageThatAnotherHolds_endsAtTheDeadlineWithoutEffect() {
        try (PageLock lock = mem.lock(4)) {
            TransactionBuilder adding =
                    mem.within(Duration.ofMillis(20)).transaction().add(4, 0, 1).add(5, 0, 1);
            NetMemException.DeadlinePassed passed = assertThrows(NetMemException.DeadlinePassed.class, adding::run);
            assertEquals(Outcome.NO_EFFECT, passed.outcome());
            assertEquals(4, lock.page());
        }
        assertEquals(0, word(5));
    }

    @Test
    void builder_withoutStepsOrWithTooMany_refuses() {
        assertThrows(IllegalStateException.class, () -> mem.transaction().run());
        TransactionBuilder full = mem.transaction();
        for (int i = 0; i < 256; i++) {
            full.read(i, 0, 1);
        }
        assertThrows(IllegalStateException.class, () -> full.add(0, 0, 1));
        assertInstanceOf(TransactionResult.Committed.class, full.run());
    }

    @Test
    void transact_ofRacingThreads_keepsTheSumAndNeverShowsAMixture() throws Exception {
        long seed = System.nanoTime();
        int pages = 5;
        int threads = 6;
        long each = 1000;
        for (int page = 0; page < pages; page++) {
            mem.atomic(page, 0, WordFunction.SWAP, each);
        }
        List<FutureTask<Void>> moving = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            boolean alone = i % 2 == 0;
            moving.add(FakeServer.start(() -> {
                try (NetMem own = alone ? NetMem.connect(server.uri()) : mem.within(Duration.ofSeconds(30))) {
                    NetMem patient = own.within(Duration.ofSeconds(30));
                    for (int round = 0; round < 40; round++) {
                        move(patient, random.nextInt(pages), random.nextInt(pages), random.nextLong(100));
                        long sum = patient.transact(tx -> sum(tx, pages));
                        assertEquals(each * pages, sum, "seed " + seed);
                    }
                }
                return null;
            }));
        }
        for (FutureTask<Void> task : moving) {
            FakeServer.join(task);
        }
        assertEquals(each * pages, (long) mem.transact(tx -> sum(tx, pages)), "seed " + seed);
    }

    private static void move(NetMem mem, long from, long to, long amount) {
        mem.transact(tx -> {
            tx.buffer(from).putLong(0, tx.buffer(from).getLong(0) - amount);
            return tx.buffer(to).putLong(0, tx.buffer(to).getLong(0) + amount);
        });
    }

    private static long sum(Transaction tx, int pages) {
        long sum = 0;
        for (int page = 0; page < pages; page++) {
            sum += tx.read(page).buffer().getLong(0);
        }
        return sum;
    }

    @Test
    void transact_whosePageChangesBeforeTheCommit_runsAgainOnTheNewerPage() {
        AtomicInteger tries = new AtomicInteger();
        long seen = mem.transact(tx -> {
            long old = tx.buffer(1).getLong(0);
            tx.buffer(1).putLong(0, old + 1);
            if (tries.incrementAndGet() == 1) {
                mem.atomic(1, 0, WordFunction.SWAP, 50);
            }
            return old;
        });
        assertEquals(2, tries.get());
        assertEquals(50, seen);
        assertEquals(51, word(1));
    }

    @Test
    void transact_whosePageChangesBeforeTheNextRead_neverShowsBoth() {
        AtomicInteger tries = new AtomicInteger();
        AtomicInteger mixtures = new AtomicInteger();
        mem.transact(tx -> {
            long first = tx.read(1).buffer().getLong(0);
            if (tries.incrementAndGet() == 1) {
                mem.transaction().add(1, 0, 1).add(2, 0, 1).run();
            }
            try {
                mixtures.addAndGet(tx.read(2).buffer().getLong(0) == first ? 0 : 1);
            } catch (IllegalStateException e) {
                throw new AssertionError(e);
            }
            return first;
        });
        assertEquals(2, tries.get());
        assertEquals(0, mixtures.get());
    }

    @Test
    void transact_whoseBodySwallowsTheConflict_isTriedAgainAllTheSame() {
        AtomicInteger tries = new AtomicInteger();
        mem.transact(tx -> {
            long old = tx.buffer(1).getLong(0);
            tx.buffer(1).putLong(0, old + 1);
            if (tries.incrementAndGet() == 1) {
                mem.atomic(1, 0, WordFunction.ADD, 10);
                assertThrows(RuntimeException.class, () -> tx.read(2));
            }
            return old;
        });
        assertEquals(2, tries.get());
        assertEquals(11, word(1));
    }

    @Test
    void transact_whoseBodyThrows_hasNoEffect() {
        assertThrows(
                ArithmeticException.class,
                () -> mem.transact(tx -> {
                    tx.buffer(1).putLong(0, 1);
                    throw new ArithmeticException();
                }));
        assertEquals(1, mem.version(1));
    }

    @Test
    void transact_onALockedPage_waitsForTheHolder() throws Exception {
        PageLock lock = mem.lock(1);
        FutureTask<Long> adding = FakeServer.start(() -> mem.transact(tx -> {
            long next = tx.buffer(1).getLong(0) + 1;
            tx.buffer(1).putLong(0, next);
            return next;
        }));
        while (!Long.valueOf(1).equals(mem.stats().get("waiters"))) {
            Thread.onSpinWait();
        }
        lock.buffer().putLong(0, 41);
        lock.commit();
        assertEquals(42, FakeServer.join(adding));
        assertEquals(42, word(1));
    }

    @Test
    void transact_thatAlwaysLoses_endsAtItsDeadlineWithoutEffect() {
        NetMem hasty = mem.within(Duration.ofMillis(50));
        NetMemException.DeadlinePassed passed = assertThrows(
                NetMemException.DeadlinePassed.class,
                () -> hasty.transact(tx -> {
                    tx.buffer(1).putLong(8, System.nanoTime());
                    return mem.atomic(1, 0, WordFunction.ADD, 1);
                }));
        assertEquals(Outcome.NO_EFFECT, passed.outcome());
        assertEquals(0, mem.read(1).buffer().getLong(8));
    }

    @Test
    void transaction_afterItsBodyReturned_refuses() {
        Transaction left = mem.transact(tx -> tx);
        assertThrows(IllegalStateException.class, () -> left.read(1));
    }

    @Test
    void transact_leavesTheChangedPagesInTheCache() {
        mem.transact(tx -> tx.buffer(1).putLong(0, 3));
        assertTrue(mem.update(1, page -> {}).buffer().getLong(0) == 3);
        mem.write(1, 0, bytes(4));
        assertEquals(4, word(1));
    }
}
