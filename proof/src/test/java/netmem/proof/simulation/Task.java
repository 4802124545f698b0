package netmem.proof.simulation;

import java.util.SplittableRandom;

/**
 * A thread of a process: it runs until it waits, and goes on when it is woken or its time is over. Confined to its world.
 */
final class Task {
    /** Longest time from being woken to running. */
    static final long DELAY_NANOS_MAX = 20_000;

    /** Names a task to the client's code; never started. */
    static final class Named extends Thread {
        private boolean interrupted;

        Named(String name) {
            super(null, null, name, 0, false);
        }

        @Override
        public void interrupt() {
            interrupted = true;
        }

        @Override
        public boolean isInterrupted() {
            return interrupted;
        }
    }

    final Named thread;

    final Process process;
    final String name;

    /** What the client's code is told; the simulation knows no difference. */
    final boolean virtual;

    private final World world;
    private final int number;
    private final SplittableRandom random;
    private final Object continuation;
    private boolean permit;
    private boolean done;

    /** Counts its waits, so that a wake-up for an earlier one is known as such. */
    private long wait;

    private boolean woken;

    Task(World world, Process process, int number, String name, Runnable body, boolean virtual) {
        this.world = world;
        this.process = process;
        this.number = number;
        this.name = name;
        this.virtual = virtual;
        this.thread = new Named(name);
        this.random = new SplittableRandom(world.seed * 31 + number);
        this.continuation = Continuations.of(() -> {
            try {
                body.run();
            } catch (RuntimeException | Error e) {
                world.violation("task " + this + " ended with " + text(e));
            } finally {
                done = true;
                world.ended(this);
            }
        });
    }

    private static String text(Throwable e) {
        StringBuilder text = new StringBuilder(e.toString());
        StackTraceElement[] frames = e.getStackTrace();
        for (int i = 0; i < Math.min(6, frames.length); i++) {
            text.append("\n        at ").append(frames[i]);
        }
        return text.toString();
    }

    void start() {
        resumeLater(wait, 0);
    }

    boolean isDone() {
        return done;
    }

    private long delay() {
        return random.nextLong(random.nextInt(10) == 0 ? DELAY_NANOS_MAX : 2_000);
    }

    private void resumeLater(long which, long nanos) {
        world.after(nanos + delay(), () -> resume(which));
    }

    private void resume(long which) {
        if (done || which != wait || process.isDead()) {
            return;
        }
        if (process.isPaused()) {
            resumeLater(which, process.pausedUntilNanos() - world.now());
            return;
        }
        wait++;
        world.running = this;
        world.mix(number);
        try {
            Continuations.run(continuation);
        } finally {
            world.running = null;
        }
    }

    /** Waits until it is woken, or for so long by its own clock; true when it was woken. */
    boolean await(long clockNanos) {
        if (world.running != this) {
            throw new IllegalStateException(this + " is not running");
        }
        woken = false;
        long mine = wait;
        if (clockNanos != Long.MAX_VALUE) {
            resumeLater(mine, process.trueNanos(Math.max(0, clockNanos)));
        }
        Continuations.stop();
        return woken;
    }

    /** Ends its wait. */
    void wake() {
        if (!woken && world.running != this) {
            woken = true;
            resumeLater(wait, 0);
        }
    }

    /** Lets others go first. */
    void giveWay() {
        await(0);
    }

    /** One chance in so many. */
    boolean chance(int many) {
        return random.nextInt(many) == 0;
    }

    long nextLong(long bound) {
        return random.nextLong(bound);
    }

    // What LockSupport does.

    void park(long clockNanos) {
        if (!permit && !thread.isInterrupted()) {
            await(clockNanos);
        } else if (chance(4)) {
            giveWay();
        }
        permit = false;
    }

    void unpark() {
        permit = true;
        wake();
    }

    void interrupt() {
        thread.interrupt();
        unpark();
    }

    /** Whether it was interrupted; it is not any more. */
    boolean takeInterrupt() {
        boolean was = thread.interrupted;
        thread.interrupted = false;
        return was;
    }

    @Override
    public String toString() {
        return process + "/" + name;
    }
}
