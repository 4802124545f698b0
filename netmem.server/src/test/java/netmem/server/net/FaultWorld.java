package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.memory.FaultyPages;
import org.jspecify.annotations.Nullable;

/**
 * A server whose memory throws when it is told to, two clients that act, one that looks on, and one of NetMem 0.2.
 * Confined to one thread.
 */
final class FaultWorld implements AutoCloseable {
    private static final int PAGES = 4;
    private static final int LENGTH = 64;

    final FaultyPages pages = new FaultyPages(PAGES, LENGTH);
    final FuzzServer server = new FuzzServer(pages.memory());
    final Client a = new Client();
    final Client b = new Client();
    final FuzzPeer oldPeer = server.connect();
    final Old old = new Old();
    private final Client onlooker = new Client();
    private final List<FuzzPeer> peers = new ArrayList<>();

    /** Pages 0 and 1 have ones, page 2 was never written. */
    FaultWorld() {
        for (long page = 0; page < 2; page++) {
            onlooker.ask(new Request.Write(page, 0, 0, 0, false, Ranges.of(0, LENGTH), filled(LENGTH, 1)));
            assertEquals(new Reply.Written(2), onlooker.last());
        }
    }

    /** What all pages have. */
    record State(List<Long> versions, List<ByteBuffer> bytes) {}

    State state() {
        List<Long> versions = new ArrayList<>();
        List<ByteBuffer> bytes = new ArrayList<>();
        for (int page = 0; page < PAGES; page++) {
            ByteBuffer copy = ByteBuffer.allocate(LENGTH);
            versions.add(pages.memory().read(page, 0, LENGTH, copy));
            bytes.add(copy.flip());
        }
        return new State(versions, bytes);
    }

    static ByteBuffer filled(int bytes, int value) {
        ByteBuffer filled = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (filled.hasRemaining()) {
            filled.put((byte) value);
        }
        return filled.flip();
    }

    List<Client> clients() {
        return List.of(a, b);
    }

    /** A request of NetMem 0.2, with data where it has some. */
    static byte[] header02(int type, int page, int length) {
        ByteBuffer request = ByteBuffer.allocate(13 + length);
        request.put((byte) type).putInt(page).putInt(length).putInt(0);
        return request.put(filled(length, 2)).array();
    }

    /** A client of NetMem 0.2. */
    final class Old {
        void send(byte[] bytes) {
            oldPeer.send(bytes, new Whole());
        }
    }

    /** Sends in one piece. */
    private static final class Whole extends Random {
        private static final long serialVersionUID = 1;

        @Override
        public int nextInt(int bound) {
            return bound - 1;
        }

        @Override
        public boolean nextBoolean() {
            return false;
        }
    }

    /** One of protocol version 1, and the last request that it made. */
    final class Client {
        private FuzzPeer peer = server.connect();
        private final SessionId session;
        private int slot;
        private long token;
        private long requestId;
        private @Nullable Request request;

        Client() {
            session = greet(SessionId.NONE, Incarnation.NONE);
        }

        private SessionId greet(SessionId resumed, Incarnation incarnation) {
            peer.send(FuzzFrames.preface(), new Whole());
            peer.send(FuzzFrames.hello(resumed, incarnation), new Whole());
            return assertInstanceOf(
                            Reply.Welcome.class, peer.answers().getFirst().reply())
                    .session();
        }

        void ask(Request asked) {
            request = asked;
            requestId = FrameHeader.requestId(slot++, 1);
            send();
        }

        private void send() {
            if (request != null) {
                peer.send(FuzzFrames.frame(request, requestId), new Whole());
            }
        }

        void lock(long page) {
            ask(new Request.Lock(page, 1, 0, false, 0));
            token = assertInstanceOf(Reply.Granted.class, last()).token();
        }

        long token() {
            return token;
        }

        boolean isOpen() {
            peer.settle();
            return peer.isOpen();
        }

        /** The newest reply to its last request; null for none. */
        @Nullable
        Reply last() {
            peer.settle();
            Reply newest = null;
            for (FuzzPeer.Answered answer : peer.answers()) {
                newest = answer.requestId() == requestId && requestId != 0 ? answer.reply() : newest;
            }
            return newest;
        }

        boolean isIdle() {
            return request == null;
        }

        /** Whether its last request may wait at the server. */
        boolean isWaiting() {
            return switch (request) {
                case Request.AwaitNewer _ -> true;
                case null, default -> false;
            };
        }

        /** Whether its last request has an outcome that the server keeps. */
        boolean isRecorded() {
            return request != null && request.opcode().isRecorded();
        }

        /** Whether its last request, once done, has left all pages as the whole case does. */
        boolean changes() {
            return switch (request) {
                case Request.Write _, Request.Atomic _, Request.Transact _ -> true;
                case Request.Unlock unlock -> unlock.ranges().count() > 0;
                case null, default -> false;
            };
        }

        /** Whether its last request was to give its lock back. */
        boolean hasGivenBack() {
            return request instanceof Request.Unlock || request instanceof Request.Transact;
        }

        /** Sends its last request again, on a new connection where the old one is gone. */
        void askAgain() {
            if (request == null) {
                return;
            }
            if (!isOpen()) {
                peers.add(peer);
                peer = server.connect();
                greet(session, FuzzServer.INCARNATION);
            }
            send();
        }

        private void leave() {
            peers.add(peer);
        }
    }

    /** Whoever did nothing wrong goes on, on all pages. */
    void assertOthersAreServed(String where) {
        for (long page = 0; page < PAGES; page++) {
            onlooker.ask(new Request.Read(page, 0, Ranges.of(0, LENGTH)));
            assertTrue(onlooker.last() instanceof Reply.Data, () -> where + ": " + onlooker.last());
        }
    }

    /**
     * Once those who were told that they have a lock have given it back, and all others have ended what waits, every
     * page is free, though their sessions live.
     */
    void assertLocksAreWhole(String where) {
        for (Client client : clients()) {
            Reply told = client.last();
            if (told instanceof Reply.Granted(long token, var _, var _, var _)) {
                giveBack(client, 0, token);
            } else if (told instanceof Reply.GrantedMany(List<Reply.GrantedMany.Grant> grants)) {
                giveBack(client, 0, grants.get(0).token());
                giveBack(client, 1, grants.get(1).token());
            } else if (client.token() != 0 && !client.hasGivenBack()) {
                giveBack(client, 0, client.token());
            }
        }
        oldPeer.close();
        for (long page = 0; page < PAGES; page++) {
            onlooker.ask(new Request.Write(page, 0, 0, 0, false, Ranges.of(0, 8), filled(8, 3)));
            assertTrue(onlooker.last() instanceof Reply.Written, () -> where + ": " + onlooker.last());
        }
    }

    private static void giveBack(Client client, long page, long token) {
        client.ask(new Request.Unlock(page, token, Ranges.NONE, filled(0, 0)));
        Status status = client.last() == null ? Status.OK : client.last().status();
        assertTrue(status == Status.OK || status == Status.FENCED, () -> "unlock: " + client.last());
    }

    @Override
    public void close() {
        pages.calmDown();
        List.of(a, b, onlooker).forEach(Client::leave);
        peers.forEach(FuzzPeer::close);
        oldPeer.close();
        server.assertNothingLeft();
        server.close();
    }
}
