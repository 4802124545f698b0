package netmem.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The small values of the API: page bytes, ranges, incarnations, descriptions, failures. */
@Timeout(20)
class ValuesTest {
    private static final Incarnation MEMORY = new Incarnation(1, 2);

    @Test
    void versioned_views_areReadOnlyAndLittleEndian() {
        Versioned page = Versioned.owning(MEMORY, 3, 7, new byte[] {1, 0, 0, 0, 0, 0, 0, 0x80 - 256});

        ByteBuffer view = page.buffer();

        assertEquals(ByteOrder.LITTLE_ENDIAN, view.order());
        assertEquals(0x8000000000000001L, view.getLong(0));
        assertThrows(ReadOnlyBufferException.class, () -> view.put(0, (byte) 9));
        assertTrue(page.segment().isReadOnly());
        assertEquals(1, page.segment().get(ValueLayout.JAVA_BYTE, 0));
        assertEquals(List.of(3L, 7L, 8L), List.of(page.page(), page.version(), (long) page.length()));
    }

    @Test
    void versioned_buffers_moveIndependently() {
        Versioned page = Versioned.owning(MEMORY, 0, 1, new byte[64]);
        ByteBuffer first = page.buffer();

        first.position(60);

        assertEquals(0, page.buffer().position());
    }

    @Test
    void versioned_bytes_areACopy() {
        byte[] owned = {1, 2, 3};
        Versioned page = Versioned.owning(MEMORY, 0, 1, owned);

        byte[] copy = page.bytes();
        copy[0] = 9;

        assertNotSame(owned, page.bytes());
        assertArrayEquals(new byte[] {1, 2, 3}, page.bytes());
    }

    @Test
    void versioned_toString_keepsTheBytesOut() {
        assertEquals(
                "Versioned[page=3, version=7, length=4]",
                Versioned.owning(MEMORY, 3, 7, new byte[] {65, 66, 67, 68}).toString());
    }

    @Test
    void pageRange_outOfBounds_isRefusedWithValueAndBound() {
        assertEquals(12, new PageRange(4, 8).end());
        assertEquals(Integer.MAX_VALUE, new PageRange(1, Integer.MAX_VALUE - 1).end());
        assertRefused("offset: -1 (expected: >= 0)", () -> new PageRange(-1, 1));
        assertRefused("length: 0 (expected: 1 to 2147483647) offset=0", () -> new PageRange(0, 0));
        assertRefused("length: -5 (expected: 1 to 2147483644) offset=3", () -> new PageRange(3, -5));
        assertRefused("length: 2147483647 (expected: 1 to 2147483646) offset=1", () -> new PageRange(1, 0x7FFFFFFF));
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void incarnation_none_isNotKnown() {
        assertFalse(Incarnation.NONE.isKnown());
        assertTrue(new Incarnation(0, 1).isKnown());
        assertTrue(new Incarnation(1, 0).isKnown());
        assertEquals("00000000000000ff8000000000000000", new Incarnation(255, Long.MIN_VALUE).toString());
    }

    @Test
    void serverInfo_limits_keepOrderAndAreReadOnly() {
        Map<String, Long> limits = new LinkedHashMap<>();
        limits.put("z", 1L);
        limits.put("a", 2L);

        ServerInfo info = new ServerInfo("1.0.0", Incarnation.NONE, 4, 64, limits);
        limits.clear();

        assertEquals(List.of("z", "a"), List.copyOf(info.limits().keySet()));
        assertThrows(UnsupportedOperationException.class, () -> info.limits().put("b", 1L));
    }

    @Test
    void exceptions_ofEachKind_sayStatusAndOutcome() {
        NetMemException refused = new NetMemException.Refused(Status.INTERNAL, "write page=3");
        assertEquals("write page=3 [INTERNAL, UNKNOWN]", refused.getMessage());
        assertEquals(Outcome.UNKNOWN, refused.outcome());
        assertEquals(Outcome.NO_EFFECT, new NetMemException.Refused(Status.BUSY, "x").outcome());
        assertEquals(Status.FENCED, new NetMemException.LockLost("x").status());
        assertEquals(Status.TIMEOUT, new NetMemException.DeadlinePassed(Outcome.UNKNOWN, "x").status());
        assertEquals(Status.NOT_READY, new NetMemException.Disconnected(Outcome.NO_EFFECT, "x", null).status());
        assertEquals(
                Outcome.UNKNOWN,
                new NetMemException.SessionLost(Status.SESSION_EXPIRED, Outcome.UNKNOWN, "x").outcome());
        assertEquals(
                Status.BAD_FRAME, new NetMemException.ProtocolBroken(Status.BAD_FRAME, Outcome.UNKNOWN, "x").status());
    }
}
