package netmem.proof.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.client.NetMem;
import netmem.client.NetMemBuilder;
import netmem.client.PageCache;
import netmem.proof.history.History;
import netmem.server.memory.PageMemory;
import netmem.server.memory.RecordedPages;
import netmem.server.net.SimulatedServer;
import org.jspecify.annotations.Nullable;

/** The play of one seed: a server, clients with their users, faults, the healing, and what must hold at the end. Confined to its world. */
final class Scenario {
    static final long MILLI = 1_000_000;

    /** Clocks run off by so many millionths at most: a little less than the one percent that the client allows for. */
    static final long RATE_MAX = 9_500;

    /** Silent: a thousand seeds lose a memory each, and the log would hold nothing else. */
    private static final Logger CLIENTS = Logger.getLogger("netmem.client");

    static {
        CLIENTS.setLevel(Level.OFF);
    }

    final World world;
    final Truth truth;
    final History history = new History();
    final int pages;
    final long leaseMillis;
    final long deadlineMillis;
    final boolean restarts;
    private final Network network;
    private final Faults faults;
    private final List<Member> members = new ArrayList<>();
    private final Map<String, Integer> reached = new TreeMap<>();
    private final List<Draft> drafts = new ArrayList<>();
    private final List<Tenancy> tenancies = new ArrayList<>();
    private final long playNanos;
    private final long thinkNanos;
    private boolean over;

    Scenario(World world) {
        this.world = world;
        Random random = world.random;
        this.truth = new Truth(world);
        this.network = new Network(world);
        this.pages = 2 + random.nextInt(5);
        this.leaseMillis = 40L << random.nextInt(4);
        this.deadlineMillis = 30L << random.nextInt(6);
        this.restarts = random.nextInt(4) == 0;
        this.playNanos = (200 + random.nextInt(800)) * MILLI;
        this.thinkNanos = (1L << random.nextInt(6)) * MILLI;
        this.faults = new Faults(this, network);
    }

    List<String> run() {
        startServer();
        int count = 2 + world.random.nextInt(4);
        for (int i = 0; i < count; i++) {
            addMember();
        }
        faults.start();
        world.runUntil(playNanos);
        heal();
        new Ending(this).run();
        return world.violations();
    }

    List<Member> members() {
        return members;
    }

    Member addMember() {
        Member member = new Member(this, members.size() + 1);
        members.add(member);
        member.start();
        return member;
    }

    /** A server with a new memory. */
    void startServer() {
        truth.begin(truth.incarnation() + 1);
        int incarnation = truth.incarnation();
        PageMemory memory = RecordedPages.of(pages, Words.PAGE_BYTES, (page, version, bytes) -> {
            if (incarnation == truth.incarnation()) {
                truth.committed(page, version, bytes);
            }
        });
        for (long page = 0; page < pages; page++) {
            memory.beginWrite(page);
            memory.write(page, 0, java.nio.ByteBuffer.wrap(Words.page(Words.initial(incarnation, page))));
            memory.endWrite(page, 2);
        }
        Map<String, Long> limits = Map.of(
                "lease-min-millis",
                10L,
                "lease-millis",
                leaseMillis,
                "greeting-millis",
                200L,
                "slots",
                5L << world.random.nextInt(4));
        long late = world.random.nextInt(3) == 0 ? leaseMillis * MILLI / 2 : MILLI;
        world.log(() -> "server " + incarnation + " starts, lease " + leaseMillis + " ms");
        network.server(new SimulatedServer(world, memory, new Incarnation(incarnation, 1), limits, late));
    }

    /** A client of a member; null where the play was over before it could connect. */
    @Nullable
    NetMem connect(Member member) {
        while (!over) {
            try {
                NetMemBuilder builder = NetMem.builder("netmem://127.0.0.1:7070")
                        .name("client-" + member.number)
                        .deadline(Duration.ofMillis(deadlineMillis))
                        .connectTimeout(Duration.ofMillis(leaseMillis))
                        .backoff(Duration.ofMillis(1), Duration.ofMillis(20))
                        .cache(PageCache.ofBytes(world.random.nextInt(4) == 0 ? 600 : 1 << 20));
                NetMem client = (member.follows() ? builder.followRestarts() : builder).connect();
                member.connected();
                return client;
            } catch (NetMemException e) {
                world.log(() -> "connect: " + e.getMessage());
                count("connect " + e.status());
            }
        }
        return null;
    }

    private void heal() {
        world.log(() -> "all faults are healed");
        over = true;
        network.calm();
        if (network.server() == null) {
            startServer();
        }
        server().beOnTime();
    }

    SimulatedServer server() {
        SimulatedServer server = network.server();
        if (server == null) {
            throw new IllegalStateException("no server");
        }
        return server;
    }

    /** Whether users are to stop. */
    boolean isOver() {
        return over;
    }

    /** How long users wait between calls. */
    long thinkNanos() {
        return thinkNanos;
    }

    /** How long users hold locks, a few times. */
    long holdNanos() {
        return leaseMillis * MILLI / 4;
    }

    void add(Draft draft) {
        drafts.add(draft);
    }

    void add(Tenancy tenancy) {
        tenancies.add(tenancy);
    }

    List<Draft> drafts() {
        return drafts;
    }

    List<Tenancy> tenancies() {
        return tenancies;
    }

    void count(String what) {
        reached.merge(what, 1, Integer::sum);
    }

    Map<String, Integer> reached() {
        return reached;
    }
}
