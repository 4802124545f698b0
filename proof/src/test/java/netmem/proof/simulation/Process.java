package netmem.proof.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * A computer's process in the world: its clock, which runs a little fast or slow, and whether it runs at all. Confined to
 * its world.
 */
final class Process {
    private static final long MILLION = 1_000_000;

    final World world;
    final int number;
    final String name;

    /** How much faster than true time its clock runs, in millionths. */
    private final long rate;

    private final long originNanos;
    private final List<SimulatedSocket> sockets = new ArrayList<>();
    private long pausedFromNanos;
    private long pausedUntilNanos;
    private long pausedNanos;
    private boolean dead;

    Process(World world, int number, String name, long rate) {
        this.world = world;
        this.number = number;
        this.name = name;
        this.rate = rate;
        this.originNanos = world.random.nextLong() >> 2;
    }

    /** What its clock shows. */
    long clockNanos() {
        return originNanos + world.now() + world.now() * rate / MILLION;
    }

    /** True time in which its clock moves on by so much. */
    long trueNanos(long clockNanos) {
        return clockNanos <= 0 ? clockNanos * MILLION / (MILLION + rate) : clockNanos * MILLION / (MILLION + rate) + 1;
    }

    void opened(SimulatedSocket socket) {
        sockets.add(socket);
    }

    /** Stands still for so long, as under SIGSTOP or a long collection of garbage. */
    void pause(long nanos) {
        if (world.now() >= pausedUntilNanos) {
            pausedFromNanos = world.now();
        }
        pausedNanos += nanos;
        pausedUntilNanos = Math.max(pausedUntilNanos, world.now() + nanos);
        world.log(() -> name + " stands still for " + nanos / MILLION + " ms");
    }

    boolean isPaused() {
        return world.now() < pausedUntilNanos;
    }

    /** How long it stood still in all, at most. */
    long pausedNanos() {
        return pausedNanos;
    }

    long pausedUntilNanos() {
        return pausedUntilNanos;
    }

    /** Now, or when it was stopped where it has only just been let go on: what it would have done before. */
    long instantNanos() {
        long since = world.now() - pausedUntilNanos;
        return since >= 0 && since < Task.DELAY_NANOS_MAX * 4 ? Math.min(world.now(), pausedFromNanos) : world.now();
    }

    /** Nothing of it ever runs again. Its connections are reset, or nobody is told. */
    void crash(boolean silent) {
        dead = true;
        world.log(() -> name + " crashes" + (silent ? ", and nobody is told" : ""));
        for (SimulatedSocket socket : sockets) {
            socket.wire().clientGone(silent);
        }
    }

    boolean isDead() {
        return dead;
    }

    @Override
    public String toString() {
        return name;
    }
}
