package netmem.server.net;

import static netmem.server.net.Wire02Client.GET_PARAMS;
import static netmem.server.net.Wire02Client.GET_VERSION;
import static netmem.server.net.Wire02Client.LOCK_PAGE;
import static netmem.server.net.Wire02Client.READ_PAGE;
import static netmem.server.net.Wire02Client.UNLOCK_PAGE;
import static netmem.server.net.Wire02Client.UPDATE_PAGE;
import static netmem.server.net.Wire02Client.frame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same bytes in any pieces get the same answers. */
@Timeout(30)
final class Wire02SplitTest {
    private static final int PAGE_LENGTH = Wire02Decoder.PAGE_LENGTH;

    @RegisterExtension
    final Wire02Fixture server = new Wire02Fixture();

    /** Something of each kind: all types, refusals, data of wrong length, an unknown type, garbage in ignored fields. */
    private static byte[] conversation(int pageLength) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] data = new byte[pageLength];
        Arrays.fill(data, (byte) READ_PAGE);
        bytes.writeBytes(frame(GET_PARAMS, -1, -1, -1));
        bytes.writeBytes(frame(GET_VERSION, 0xDEAD, 0xBEEF, 7));
        bytes.writeBytes(frame(LOCK_PAGE, 1, 0xFFFF_FFFFL, 0));
        bytes.writeBytes(frame(UPDATE_PAGE, 0, data.length, 5, data));
        bytes.writeBytes(frame(READ_PAGE, 0, 12, 4));
        bytes.writeBytes(frame(200, 9, 9, 9));
        bytes.writeBytes(frame(UPDATE_PAGE, 1000, data.length, 0, data));
        bytes.writeBytes(frame(UPDATE_PAGE, 2, 5, 0, new byte[5]));
        bytes.writeBytes(frame(UNLOCK_PAGE, 2, 0, 0));
        bytes.writeBytes(frame(UNLOCK_PAGE, 1, data.length, 0, data));
        bytes.writeBytes(frame(READ_PAGE, 1, 0, 2));
        return bytes.toByteArray();
    }

    private static final byte[] TALK = conversation(PAGE_LENGTH);

    private static byte[] answers() {
        try (Wire02Decoder decoder = new Wire02Decoder()) {
            return decoder.connect().receive(TALK).said();
        }
    }

    @Test
    void twoPieces_cutAtEachByte_areAnsweredAsOne() {
        byte[] expected = answers();
        for (int cut = 1; cut < TALK.length; cut++) {
            try (Wire02Decoder decoder = new Wire02Decoder()) {
                Wire02Decoder.Wire wire =
                        decoder.connect().receive(TALK, 0, cut).receive(TALK, cut, TALK.length);
                assertArrayEquals(expected, wire.said(), "cut at " + cut);
            }
        }
    }

    @Test
    void piecesOfOneByte_areAnsweredAsOne() {
        try (Wire02Decoder decoder = new Wire02Decoder()) {
            Wire02Decoder.Wire wire = decoder.connect();
            for (int i = 0; i < TALK.length; i++) {
                wire.receive(TALK, i, i + 1);
            }
            assertArrayEquals(answers(), wire.said());
        }
    }

    @Test
    void piecesBehindAWaitingLock_cutAtEachByte_areAnsweredAfterIt() {
        byte[] afterOther = null;
        for (int cut = 0; cut < TALK.length; cut++) {
            try (Wire02Decoder decoder = new Wire02Decoder()) {
                Wire02Decoder.Wire other = decoder.connect().receive(frame(LOCK_PAGE, 1, 0, 0));
                Wire02Decoder.Wire wire =
                        decoder.connect().receive(TALK, 0, cut).receive(TALK, cut, TALK.length);
                assertEquals(2 * 13, wire.said().length, "nothing behind the LOCK is answered");
                other.receive(frame(UNLOCK_PAGE, 1, PAGE_LENGTH, 0, new byte[PAGE_LENGTH]));
                byte[] rest = wire.said();
                afterOther = afterOther == null ? rest : afterOther;
                assertArrayEquals(afterOther, rest, "cut at " + cut);
            }
        }
    }

    @Test
    void randomPieces_ofTwoConnectionsInTurn_areAnsweredAsOne() {
        Random random = Wire02Seeds.random(Wire02SplitTest.class);
        byte[] expected = answers();
        byte[] readOnly = frame(READ_PAGE, 3, 0, 0);
        for (int round = 0; round < 50; round++) {
            try (Wire02Decoder decoder = new Wire02Decoder()) {
                Wire02Decoder.Wire wire = decoder.connect();
                Wire02Decoder.Wire other = decoder.connect();
                for (int at = 0; at < TALK.length; ) {
                    int end = Math.min(TALK.length, at + 1 + random.nextInt(1 << random.nextInt(9)));
                    wire.receive(TALK, at, end);
                    at = end;
                    other.receive(readOnly);
                    assertEquals(13 + PAGE_LENGTH, other.said().length);
                }
                assertArrayEquals(expected, wire.said());
            }
        }
    }

    @Test
    void endOfStream_atEachByte_commitsOnlyWhatCameWhole() {
        for (int cut = 0; cut < TALK.length; cut++) {
            try (Wire02Decoder decoder = new Wire02Decoder()) {
                Wire02Decoder.Wire wire = decoder.connect().receive(TALK, 0, cut);
                wire.end();
                String untouched = "1:" + "00".repeat(PAGE_LENGTH);
                assertEquals(cut >= 3 * 13 + 13 + PAGE_LENGTH, !decoder.page(0).equals(untouched), "cut at " + cut);
                assertEquals(cut >= TALK.length - 13, !decoder.page(1).equals(untouched), "cut at " + cut);
            }
        }
    }

    @Test
    void socket_oneByteAtATime_isAnsweredAsOne() {
        byte[] talk = conversation(Wire02Fixture.PAGE_LENGTH);
        Wire02Client whole = server.connect();
        whole.send(talk);
        byte[] expected = whole.receive(11 * 13 + Wire02Fixture.PAGE_LENGTH + Wire02Fixture.PAGE_LENGTH);
        whole.close();
        server.start(builder -> builder);
        Wire02Client client = server.connect();
        for (byte next : talk) {
            client.send(new byte[] {next});
        }
        assertArrayEquals(expected, client.receive(expected.length));
    }
}
