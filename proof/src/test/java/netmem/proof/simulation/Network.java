package netmem.proof.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import netmem.server.net.SimulatedServer;
import org.jspecify.annotations.Nullable;

/** What lies between the processes: connections, how slow they are, and the server that they reach. Confined to its world. */
final class Network {
    final World world;
    final long delayNanos;

    /** Whether sockets take and give bytes in small pieces. */
    final boolean narrow;

    /** How often, one in so many, a connection goes deaf soon after it was made, while the server speaks on. */
    private final int deafEvery;

    private final List<Wire> wires = new ArrayList<>();
    private @Nullable SimulatedServer server;
    private boolean calm;

    Network(World world) {
        this.world = world;
        Random random = world.random;
        this.delayNanos = 20_000L << random.nextInt(8);
        this.deafEvery = random.nextInt(3) == 0 ? 4 : 40;
        this.narrow = random.nextInt(3) == 0;
        world.network = this;
    }

    static Network of(World world) {
        return world.network;
    }

    @Nullable
    SimulatedServer server() {
        return server;
    }

    /** The server comes up, or goes down with null: then all its connections break. */
    void server(@Nullable SimulatedServer next) {
        server = next;
        if (next == null) {
            for (Wire wire : List.copyOf(wires)) {
                wire.serverGone();
            }
            wires.clear();
        }
    }

    SimulatedSocket socket(Process process) {
        SimulatedSocket socket = new SimulatedSocket(process, this);
        process.opened(socket);
        return socket;
    }

    Wire wire(SimulatedSocket socket) {
        Wire wire = new Wire(this, socket);
        wires.add(wire);
        if (!calm && world.random.nextInt(deafEvery) == 0) {
            world.after(world.random.nextLong(8 * delayNanos), () -> {
                if (!calm && !wire.isOver()) {
                    wire.deaf();
                }
            });
        }
        return wire;
    }

    /** Open connections. */
    List<Wire> wires() {
        wires.removeIf(Wire::isOver);
        return wires;
    }

    /** How long the next bytes take. */
    long delay() {
        long longest = !calm && world.random.nextInt(60) == 0 ? 20 * delayNanos : delayNanos;
        return longest / 4 + world.random.nextLong(longest);
    }

    /** All faults are healed. */
    void calm() {
        calm = true;
    }
}
