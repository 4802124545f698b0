package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import netmem.api.PageRange;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What callers must not give is refused before anything happens. */
@Timeout(60)
@SuppressWarnings({"NullAway", "DataFlowIssue"}) // as programs do that are not checked for it
class ArgumentsTest extends FakeServerFixture {
    private static final Versioned NEVER_READ =
            Versioned.owning(FakeServer.INCARNATION, 1, 0, new byte[FakeServer.PAGE_LENGTH]);
    private static final byte[] PAGE = new byte[FakeServer.PAGE_LENGTH];

    /** Calls by the argument that their message must name. */
    private static Map<String, List<Consumer<NetMem>>> bad() {
        Map<String, List<Consumer<NetMem>>> calls = new LinkedHashMap<>();
        calls.put(
                "page: -1",
                List.of(
                        mem -> mem.read(-1),
                        mem -> mem.read(-1, 0, 8),
                        mem -> mem.readSnapshot(1, -1),
                        mem -> mem.peek(-1, ByteBuffer::get),
                        mem -> mem.version(-1),
                        mem -> mem.write(-1, 0, PAGE),
                        mem -> mem.write(-1, List.of(new PageRange(0, 1)), ByteBuffer.allocate(1)),
                        mem -> mem.update(-1, page -> page.put(0, (byte) 1)),
                        mem -> mem.atomic(-1, 0, WordFunction.ADD, 1),
                        mem -> mem.compareAndSet(-1, 0, 0, 1),
                        mem -> mem.transaction().read(-1, 0, 1),
                        mem -> mem.transaction().write(-1, 0, PAGE),
                        mem -> mem.transaction().add(-1, 0, 1),
                        mem -> mem.transaction().ifBytes(-1, 0, PAGE),
                        mem -> mem.transact(transaction -> transaction.read(-1)),
                        mem -> mem.transact(transaction -> transaction.buffer(-1)),
                        mem -> mem.lock(-1),
                        mem -> mem.lockShared(-1),
                        mem -> mem.tryLock(-1, Duration.ZERO),
                        mem -> mem.lockAll(1, -1),
                        mem -> mem.owner().lock(-1),
                        mem -> mem.lockInfo(-1),
                        mem -> mem.awaitNewer(-1, 1, Duration.ZERO)));
        calls.put("pages: 1 from -1", List.of(mem -> mem.watch(-1, 1, (_, _) -> {})));
        calls.put("pages: 0 from 1", List.of(mem -> mem.watch(1, 0, (_, _) -> {})));
        calls.put("base: version 0", List.of(mem -> mem.compareAndUpdate(NEVER_READ, PAGE)));
        calls.put("seen: version 0", List.of(mem -> mem.transaction().ifUnchanged(NEVER_READ)));
        calls.put("offset: -1", List.of(mem -> mem.read(1, -1, 8), mem -> mem.write(1, -1, PAGE)));
        calls.put("length: 0", List.of(mem -> mem.read(1, 0, 0), mem -> mem.write(1, 0, new byte[0])));
        calls.put(
                "wait: PT-1S",
                List.of(
                        mem -> mem.tryLock(1, Duration.ofSeconds(-1)),
                        mem -> mem.tryLockShared(1, Duration.ofSeconds(-1)),
                        mem -> mem.awaitNewer(1, 1, Duration.ofSeconds(-1))));
        calls.put("deadline: PT0S", List.of(mem -> mem.within(Duration.ZERO)));
        return calls;
    }

    /** Calls by the argument that is missing. */
    private static Map<String, List<Consumer<NetMem>>> missing() {
        Map<String, List<Consumer<NetMem>>> calls = new LinkedHashMap<>();
        calls.put("view", List.of(mem -> mem.peek(1, null)));
        calls.put("base", List.of(mem -> mem.compareAndUpdate(null, PAGE)));
        calls.put("seen", List.of(mem -> mem.transaction().ifUnchanged(null)));
        calls.put("change", List.of(mem -> mem.update(1, null)));
        calls.put(
                "function",
                List.of(
                        mem -> mem.atomic(1, 0, null, 1),
                        mem -> mem.transaction().atomic(1, 0, null, 1)));
        calls.put("body", List.of(mem -> mem.transact(null)));
        calls.put("listener", List.of(mem -> mem.watch(1, 1, null)));
        calls.put("wait", List.of(mem -> mem.tryLock(1, null), mem -> mem.awaitNewer(1, 1, null)));
        calls.put("deadline", List.of(mem -> mem.within(null)));
        calls.put("handler", List.of(mem -> mem.onMemoryLost(null)));
        calls.put(
                "bytes",
                List.of(
                        mem -> mem.transaction().write(1, 0, null),
                        mem -> mem.transaction().ifBytes(1, 0, null)));
        return calls;
    }

    @Test
    void argument_outOfBoundsOrMissing_isNamedAndNothingIsSent() throws Exception {
        bad().forEach((named, calls) -> calls.forEach(call -> {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> call.accept(mem), named);
            assertTrue(String.valueOf(e.getMessage()).startsWith(named), () -> named + " in: " + e);
        }));
        missing()
                .forEach((named, calls) -> calls.forEach(call -> {
                    NullPointerException e = assertThrows(NullPointerException.class, () -> call.accept(mem), named);
                    assertEquals(named, e.getMessage());
                }));
        for (Consumer<NetMem> call : List.<Consumer<NetMem>>of(
                mem -> mem.write(1, 0, null),
                mem -> mem.write(1, null, ByteBuffer.allocate(1)),
                mem -> mem.write(1, List.of(new PageRange(0, 1)), null),
                mem -> mem.compareAndUpdate(Versioned.owning(FakeServer.INCARNATION, 1, 1, PAGE), null),
                mem -> mem.transaction().ifHeld(null),
                mem -> mem.readSnapshot((long[]) null),
                mem -> mem.lockAll((long[]) null))) {
            RuntimeException e = assertThrows(RuntimeException.class, () -> call.accept(mem));
            assertTrue(e instanceof NullPointerException || e instanceof IllegalArgumentException, e::toString);
        }
        FutureTask<Long> version = FakeServer.start(() -> mem.version(9));
        FakeServer.Frame frame = peer.nextCall();
        assertEquals(9, assertInstanceOf(Request.Read.class, frame.request()).page(), "nothing was sent before");
        peer.reply(new Reply.Data(3, Call.noData()), frame);
        assertEquals(3, FakeServer.join(version));
    }

    @Test
    void builder_argumentsMissing_areNamed() {
        NetMemBuilder builder = NetMem.builder("netmem://localhost");
        Map<String, Consumer<NetMemBuilder>> calls = Map.of(
                "deadline", one -> one.deadline(null),
                "connectTimeout", one -> one.connectTimeout(null),
                "name", one -> one.name(null),
                "credential", one -> one.credential(null),
                "term", one -> one.lease(null),
                "shared", one -> one.cache(null),
                "backoff min", one -> one.backoff(null, Duration.ofSeconds(1)),
                "backoff max", one -> one.backoff(Duration.ofSeconds(1), null));
        calls.forEach((named, call) -> assertEquals(
                named,
                assertThrows(NullPointerException.class, () -> call.accept(builder))
                        .getMessage()));
        assertNotNull(builder);
    }
}
