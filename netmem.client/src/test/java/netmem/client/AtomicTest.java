package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import netmem.api.Fetched;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.WordResult;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Atomic operations on words, against the real server and against one that repeats replies. */
@Timeout(60)
class AtomicTest extends ServerFixture {
    private long word(long page, int offset) {
        return mem.read(page, offset, Long.BYTES).buffer().getLong(0);
    }

    @Test
    void atomic_eachFunction_returnsTheOldWordAndTheNewVersion() {
        long word = 0;
        long version = 1;
        for (WordFunction function : WordFunction.values()) {
            if (function != WordFunction.COMPARE_AND_SET) {
                long operand = 0x0F0F_1234_5678_9ABCL * (function.code() + 1);
                Fetched fetched = mem.atomic(1, 8, function, operand);
                assertEquals(new Fetched(word, ++version), fetched, function::name);
                word = function.apply(word, operand);
                assertEquals(word, word(1, 8), function::name);
            }
        }
    }

    @Test
    void atomic_ofManyThreads_losesNoAddition() throws Exception {
        long threads = 16;
        long rounds = 50;
        List<FutureTask<Void>> adding = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            adding.add(FakeServer.start(() -> {
                for (int round = 0; round < rounds; round++) {
                    mem.atomic(0, 0, WordFunction.ADD, 1);
                }
                return null;
            }));
        }
        for (FutureTask<Void> task : adding) {
            FakeServer.join(task);
        }
        assertEquals(threads * rounds, word(0, 0));
        assertEquals(1 + threads * rounds, mem.version(0));
    }

    @Test
    void compareAndSet_ofTheExpectedWord_setsIt_ofAnother_tellsIt() {
        assertEquals(new WordResult.Set(2), mem.compareAndSet(0, 16, 0, 7));
        assertEquals(new WordResult.Differs(2, 7), mem.compareAndSet(0, 16, 0, 8));
        assertEquals(7, word(0, 16));
    }

    @Test
    void atomic_withCompareAndSet_isRefusedByTheClient() {
        assertThrows(IllegalArgumentException.class, () -> mem.atomic(0, 0, WordFunction.COMPARE_AND_SET, 1));
    }

    @Test
    void atomic_ofAWordThatIsNone_isRefused() {
        for (int offset : new int[] {4, -8, Integer.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> mem.atomic(0, offset, WordFunction.ADD, 1));
            assertThrows(IllegalArgumentException.class, () -> mem.compareAndSet(0, offset, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> mem.transaction().add(0, offset, 1));
        }
        NetMemException.Refused refused = assertThrows(
                NetMemException.Refused.class, () -> mem.atomic(0, mem.pageLengthBytes(), WordFunction.ADD, 1));
        assertEquals(Status.BAD_RANGE, refused.status());
    }

    @Test
    void atomic_onALockedPage_waitsWithinTheDeadline() {
        try (PageLock lock = mem.lock(2)) {
            NetMemException.DeadlinePassed passed = assertThrows(
                    NetMemException.DeadlinePassed.class,
                    () -> mem.within(Duration.ofMillis(20)).atomic(2, 0, WordFunction.ADD, 1));
            assertEquals(Outcome.NO_EFFECT, passed.outcome());
            assertEquals(1, lock.version());
        }
        assertEquals(new Fetched(0, 2), mem.atomic(2, 0, WordFunction.ADD, 1));
    }

    @Test
    void atomic_overALostConnection_isSentAgainUnderTheSameId() throws Exception {
        try (FakeServer fake = new FakeServer()) {
            FakeServer.Pair pair = fake.connect();
            try (NetMem scripted = pair.mem()) {
                FutureTask<Fetched> adding = FakeServer.start(() -> scripted.atomic(3, 0, WordFunction.ADD, 5));
                FakeServer.Frame first = pair.peer().nextCall();
                pair.peer().close();
                try (FakeServer.Peer again = fake.accept()) {
                    again.greet(FakeServer.welcome(true));
                    FakeServer.Frame second = again.nextCall();
                    assertEquals(first.id(), second.id());
                    assertInstanceOf(Request.Atomic.class, second.request());
                    again.reply(new Reply.Fetched(9, 4), second);
                    assertEquals(new Fetched(4, 9), FakeServer.join(adding));
                }
            }
        }
    }

    @Test
    void compareAndSet_whoseRefusalCameWithoutTheWord_asksAnew() throws Exception {
        try (FakeServer fake = new FakeServer()) {
            FakeServer.Pair pair = fake.connect();
            try (NetMem scripted = pair.mem();
                    FakeServer.Peer peer = pair.peer()) {
                FutureTask<WordResult> setting = FakeServer.start(() -> scripted.compareAndSet(3, 0, 1, 2));
                peer.reply(new Reply.ConditionFailed(8, null), peer.nextCall());
                FakeServer.Frame second = peer.nextCall();
                ByteBuffer word =
                        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 77);
                peer.reply(new Reply.ConditionFailed(8, word), second);
                assertEquals(new WordResult.Differs(8, 77), FakeServer.join(setting));
            }
        }
    }
}
