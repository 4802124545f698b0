package netmem.proof.simulation;

import java.util.List;
import java.util.Random;
import netmem.server.net.SimulatedServer;

/** What goes wrong while users are at work, drawn from the seed. Confined to its world. */
final class Faults {
    private final Scenario scenario;
    private final World world;
    private final Network network;
    private final Random random;
    private final long meanNanos;
    private final int crashesMax;
    private int crashes;

    Faults(Scenario scenario, Network network) {
        this.scenario = scenario;
        this.world = scenario.world;
        this.network = network;
        this.random = world.random;
        this.meanNanos = (10L << random.nextInt(5)) * Scenario.MILLI;
        this.crashesMax = random.nextInt(3);
    }

    void start() {
        world.after(random.nextLong(2 * meanNanos), this::next);
    }

    private void next() {
        if (scenario.isOver()) {
            return;
        }
        List<Member> alive = scenario.members().stream()
                .filter(member -> !member.process.isDead())
                .toList();
        Member member = alive.get(random.nextInt(alive.size()));
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> cut(random.nextInt(5));
            case 4, 5 -> stall();
            case 6, 7 -> pause(member);
            case 8 -> crash(member);
            case 9 -> restart();
            default -> member.interrupt();
        }
        world.after(random.nextLong(2 * meanNanos), this::next);
    }

    private long leaseNanos(int times) {
        return random.nextLong(times * scenario.leaseMillis * Scenario.MILLI);
    }

    private void pause(Member member) {
        scenario.count("pause");
        member.process.pause(leaseNanos(2));
    }

    private void cut(int kind) {
        List<Wire> wires = network.wires();
        if (wires.isEmpty()) {
            return;
        }
        Wire wire = wires.get(random.nextInt(wires.size()));
        scenario.count("cut");
        switch (kind) {
            case 0 -> wire.cut(leaseNanos(3), network.delay());
            case 1 -> wire.cut(network.delay(), leaseNanos(2));
            case 2 -> wire.cut(Wire.NEVER, random.nextBoolean() ? Wire.NEVER : 0);
            default -> wire.cut(network.delay(), network.delay());
        }
    }

    private void stall() {
        List<Wire> wires = network.wires();
        if (!wires.isEmpty()) {
            scenario.count("stall");
            wires.get(random.nextInt(wires.size())).stall(leaseNanos(2));
        }
    }

    private void crash(Member member) {
        if (crashes < crashesMax && member.isBegun()) {
            crashes++;
            scenario.count("crash");
            member.process.crash(random.nextBoolean());
            scenario.addMember();
        }
    }

    private void restart() {
        SimulatedServer server = network.server();
        if (!scenario.restarts || server == null) {
            return;
        }
        scenario.count("restart");
        world.log(() -> "the server crashes");
        server.crash();
        network.server(null);
        world.after(leaseNanos(1), () -> {
            if (network.server() == null) {
                scenario.startServer();
            }
        });
    }
}
