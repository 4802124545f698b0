package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import netmem.api.Incarnation;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Reply;
import netmem.api.wire.SessionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The whole server but for its sockets, fed with damaged frames by two clients at a time: every frame of good length is answered once or the connection ends, nothing is
 * logged as an internal error, no byte of a buffer is left, no lock, waiter or session outlives its lease. {@code -Dnetmem.fuzz.frames=10000000} is the long form,
 * {@code -Dnetmem.seed=N} replays.
 */
@Timeout(7200)
class PipelineFuzzTest {
    private static final int FRAMES = Integer.getInteger("netmem.fuzz.frames", 100_000);
    private static final int FRAMES_PER_CASE = 40;

    /** One case: its own server, two clients, so many frames. */
    private interface Case {
        void run(FuzzServer server, Random random);
    }

    private void repeat(Case one) {
        long seed = Long.getLong("netmem.seed", System.nanoTime());
        System.out.println("PipelineFuzzTest: -Dnetmem.seed=" + seed);
        try (InternalErrors errors = new InternalErrors()) {
            for (long caseSeed = seed; caseSeed - seed < Math.max(1, FRAMES / FRAMES_PER_CASE); caseSeed++) {
                try (FuzzServer server = new FuzzServer()) {
                    one.run(server, new Random(caseSeed));
                    server.assertNothingLeft();
                    assertNull(errors.first(), "logged as an internal error");
                } catch (AssertionError | RuntimeException e) {
                    String replay = "replay: -Dnetmem.seed=" + caseSeed + ", the first case then fails";
                    if (errors.first() != null) {
                        e.addSuppressed(errors.first());
                    }
                    throw new AssertionError(replay, e);
                }
            }
        }
    }

    private static FuzzPeer greeted(FuzzServer server, Random random, SessionId session) {
        FuzzPeer peer = server.connect();
        peer.send(FuzzFrames.preface(), random);
        peer.send(FuzzFrames.hello(session, FuzzServer.INCARNATION), random);
        assertInstanceOf(Reply.Welcome.class, peer.answers().getFirst().reply());
        return peer;
    }

    @Test
    void frames_damagedBehindTheirLength_areEachAnsweredOnce() {
        repeat((server, random) -> {
            FuzzFrames frames = new FuzzFrames(random);
            FuzzPeer[] peers = {
                greeted(server, random, SessionId.NONE), greeted(server, random, SessionId.NONE),
            };
            List<Set<Long>> asked = List.of(new HashSet<>(Set.of(0L)), new HashSet<>(Set.of(0L)));
            for (int i = 0; i < FRAMES_PER_CASE; i++) {
                int who = random.nextInt(2);
                if (peers[who].isOpen()) {
                    long id = FrameHeader.requestId(i, 1);
                    byte[] frame = frames.sound(id);
                    if (random.nextBoolean()) {
                        frames.damageBody(frame);
                    }
                    asked.get(who).add(id);
                    peers[who].send(frame, random);
                }
                peers[1 - who].settle();
                if (random.nextInt(10) == 0) {
                    server.advance(random.nextInt(3_000));
                }
            }
            server.advance(10_000);
            long unanswered = 0;
            for (int who = 0; who < 2; who++) {
                peers[who].settle();
                unanswered += unanswered(peers[who], asked.get(who));
            }
            assertEquals(server.counter("waiters"), unanswered, "requests that neither wait nor were answered");
            close(peers);
        });
    }

    /** Each answer is to a request, and the only one; returns how many requests of an open connection have none. */
    private static int unanswered(FuzzPeer peer, Set<Long> asked) {
        Set<Long> left = new HashSet<>(asked);
        for (FuzzPeer.Answered answered : peer.answers()) {
            if (answered.reply() instanceof Reply.Changed) {
                assertEquals(0, answered.requestId(), "a push answers no request");
                continue;
            }
            assertTrue(left.remove(answered.requestId()), () -> "answered twice, or never asked: " + answered);
        }
        return peer.isOpen() ? left.size() : 0;
    }

    @Test
    void bytes_ofAnyKind_leaveNothingBehind() {
        repeat((server, random) -> {
            FuzzFrames frames = new FuzzFrames(random);
            List<FuzzPeer> peers = new ArrayList<>();
            for (int i = 0; i < FRAMES_PER_CASE; i++) {
                if (peers.isEmpty() || random.nextInt(10) == 0) {
                    peers.add(connected(server, random, frames));
                }
                peers.get(random.nextInt(peers.size())).send(frames.wild(), random);
                peers.forEach(FuzzPeer::settle);
                if (random.nextInt(10) == 0) {
                    server.advance(random.nextInt(100_000));
                }
            }
            close(peers.toArray(new FuzzPeer[0]));
        });
    }

    /** A connection that greets, resumes another's session, speaks 0.2, or says nothing yet. */
    private static FuzzPeer connected(FuzzServer server, Random random, FuzzFrames frames) {
        FuzzPeer peer = server.connect();
        int kind = random.nextInt(6);
        if (kind < 3) {
            peer.send(FuzzFrames.preface(), random);
            SessionId session = kind == 0 ? server.newestSession() : SessionId.NONE;
            Incarnation incarnation = random.nextInt(5) == 0 ? Incarnation.NONE : FuzzServer.INCARNATION;
            peer.send(FuzzFrames.hello(session, incarnation), random);
        } else if (kind == 3) {
            peer.send(frames.old(), random);
        }
        return peer;
    }

    @Test
    void requests_ofOldClients_areEachAnsweredInOrder() {
        repeat((server, random) -> {
            FuzzFrames frames = new FuzzFrames(random);
            FuzzPeer[] peers = {server.connect(), server.connect()};
            for (int i = 0; i < FRAMES_PER_CASE; i++) {
                int who = random.nextInt(2);
                peers[who].send(frames.old(), random);
                peers[1 - who].settle();
            }
            close(peers);
        });
    }

    private static void close(FuzzPeer... peers) {
        for (FuzzPeer peer : peers) {
            peer.settle();
            peer.close();
        }
    }
}
