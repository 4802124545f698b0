package netmem.api.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import netmem.api.Status;
import netmem.api.WordFunction;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The golden files of {@code docs/protocol/vectors}: each is decoded, compared with the value built in Java, encoded again and compared
 * byte by byte; together they cover every operation, every kind of reply and every status. What a server does with them is not
 * covered here but in the server's ProtocolOverSocketTest.
 */
@Timeout(20)
class ProtocolVectorsTest {
    private static final Map<String, RequestVectors.Case> REQUESTS = RequestVectors.all();
    private static final Map<String, ReplyVectors.Case> REPLIES = ReplyVectors.all();

    @TestFactory
    Stream<DynamicTest> request_ofVector_decodesToValueAndBack() {
        return REQUESTS.keySet().stream().sorted().map(name -> DynamicTest.dynamicTest(name, () -> request(name)));
    }

    private static void request(String name) throws MalformedFrameException {
        VectorFile file = VectorFile.read(name);
        RequestVectors.Case expected = REQUESTS.get(name);
        assertNotNull(expected);
        ByteBuffer frame = file.buffer();

        long requestId = FrameHeader.requestId(frame, 0);
        Request request = RequestCodec.decode(frame);

        assertEquals(expected.request(), request);
        assertEquals(expected.requestId(), requestId);
        assertFalse(frame.hasRemaining());
        assertArrayEquals(file.bytes(), Frames.of(request, requestId));
    }

    @TestFactory
    Stream<DynamicTest> reply_ofVector_decodesToValueAndBack() {
        return REPLIES.keySet().stream().sorted().map(name -> DynamicTest.dynamicTest(name, () -> reply(name)));
    }

    private static void reply(String name) throws MalformedFrameException {
        VectorFile file = VectorFile.read(name);
        ReplyVectors.Case expected = REPLIES.get(name);
        assertNotNull(expected);
        ByteBuffer frame = file.buffer();

        long requestId = FrameHeader.requestId(frame, 0);
        int opcode = FrameHeader.opcode(frame, 0);
        Reply reply = ReplyCodec.decode(frame);

        assertEquals(expected.reply(), reply);
        assertEquals(expected.requestId(), requestId);
        assertEquals(expected.opcode() | Opcode.REPLY, opcode);
        assertArrayEquals(file.bytes(), Frames.of(reply, expected.opcode(), requestId));
    }

    @TestFactory
    Stream<DynamicTest> invalid_ofVector_isRefusedAsItSays() {
        return VectorFile.names().stream()
                .filter(name -> name.startsWith("invalid-"))
                .map(name -> DynamicTest.dynamicTest(name, () -> invalid(name)));
    }

    private static void invalid(String name) {
        VectorFile file = VectorFile.read(name);
        String expected = file.comments().get(1).substring("expect: ".length());

        MalformedFrameException refused = Frames.refused(file.buffer());

        String actual = refused.status() + " actual=" + refused.actual() + " expected=" + refused.expected();
        assertEquals(expected, actual, refused::getMessage);
    }

    @Test
    void preface_ofVector_isMagicAndVersions() {
        ByteBuffer preface = VectorFile.read("preface").buffer();
        assertEquals(Preface.BYTES, preface.remaining());
        assertEquals(Preface.FIRST_BYTE, preface.get(0));
        assertEquals(Preface.MAGIC, preface.getInt(0));
        assertEquals(Preface.VERSION, preface.getShort(4));
        assertEquals(Preface.VERSION, preface.getShort(6));

        assertEquals(3, VectorFile.read("preface-range").buffer().getShort(6));
        assertEquals(2, VectorFile.read("preface-unsupported").buffer().getShort(4));
    }

    @Test
    void readPrefix_ofVector_isTheSameBytes() {
        byte[] whole = VectorFile.read("reply-read").bytes();
        byte[] prefix = new byte[ReplyCodec.VERSION_BYTES];

        ReplyCodec.putVersion(Frames.little(prefix), Opcode.READ, FrameHeader.requestId(3, 1), Status.OK, 10, 64);

        assertArrayEquals(Arrays.copyOf(whole, prefix.length), prefix);
    }

    @Test
    void files_all_haveTheirValueInJava() {
        Set<String> known = new TreeSet<>(REQUESTS.keySet());
        known.addAll(REPLIES.keySet());
        List<String> others = List.of("preface", "preface-range", "preface-unsupported");
        known.addAll(others);

        List<String> files = VectorFile.names().stream()
                .filter(name -> !name.startsWith("invalid-"))
                .toList();

        assertEquals(new ArrayList<>(known), files);
    }

    @Test
    void operations_all_haveRequestAndSuccess() {
        Set<Opcode> requests = EnumSet.noneOf(Opcode.class);
        Set<Integer> flags = new HashSet<>();
        for (String name : REQUESTS.keySet()) {
            ByteBuffer frame = VectorFile.read(name).buffer();
            Opcode opcode = Objects.requireNonNull(Opcode.ofCode(FrameHeader.opcode(frame, 0)));
            requests.add(opcode);
            flags.add(opcode.code() << 8 | FrameHeader.flags(frame, 0));
        }
        Set<Integer> successes = REPLIES.values().stream()
                .filter(reply -> reply.reply().status() == Status.OK)
                .map(ReplyVectors.Case::opcode)
                .collect(Collectors.toSet());

        assertEquals(EnumSet.complementOf(EnumSet.of(Opcode.CHANGED)), requests);
        for (Opcode opcode : Opcode.values()) {
            assertTrue(successes.contains(opcode.code()), () -> "success of " + opcode);
            boolean withFlags = opcode == Opcode.CHANGED || flags.contains(opcode.code() << 8 | opcode.flagsKnown());
            assertTrue(withFlags, () -> "flags of " + opcode);
        }
    }

    @Test
    void records_all_haveVector() {
        Set<Class<?>> requests = REQUESTS.values().stream()
                .map(vector -> vector.request().getClass())
                .collect(Collectors.toSet());
        Set<Class<?>> replies = REPLIES.values().stream()
                .map(vector -> vector.reply().getClass())
                .collect(Collectors.toSet());

        assertEquals(Set.of(Request.class.getPermittedSubclasses()), requests);
        assertEquals(Set.of(Reply.class.getPermittedSubclasses()), replies);
    }

    @Test
    void steps_all_haveVector() {
        Set<Class<?>> steps = values(Request.Transact.class)
                .flatMap(transact -> transact.steps().stream())
                .map(Object::getClass)
                .collect(Collectors.toSet());

        assertEquals(Set.of(Step.class.getPermittedSubclasses()), steps);
    }

    @Test
    void wordFunctions_all_haveVector() {
        Set<WordFunction> functions =
                values(Request.Atomic.class).map(Request.Atomic::function).collect(Collectors.toSet());

        assertEquals(EnumSet.allOf(WordFunction.class), functions);
    }

    @Test
    void statesAndModes_all_haveVector() {
        Set<Object> seen = new HashSet<>();
        for (ReplyVectors.Case vector : REPLIES.values()) {
            switch (vector.reply()) {
                case Reply.Known known -> seen.add(known.state());
                case Reply.LockState state -> seen.add(state.mode());
                case Reply.Granted granted -> seen.add(granted.content());
                default -> {}
            }
        }

        Set<Object> all = new HashSet<>(List.of(Reply.Known.State.values()));
        all.addAll(List.of(Reply.LockState.Mode.values()));
        all.addAll(List.of(Reply.Granted.Content.values()));
        assertEquals(all, seen);
    }

    private static <T extends Request> Stream<T> values(Class<T> kind) {
        return REQUESTS.values().stream()
                .map(RequestVectors.Case::request)
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    @Test
    void statuses_all_haveVector() {
        Set<Status> statuses =
                REPLIES.values().stream().map(vector -> vector.reply().status()).collect(Collectors.toSet());

        assertEquals(EnumSet.allOf(Status.class), statuses);
    }
}
