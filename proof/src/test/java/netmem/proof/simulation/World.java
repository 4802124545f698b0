package netmem.proof.simulation;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/**
 * True time and what happens in it: events in their order, and tasks that run one at a time until they wait. Nothing of it
 * knows a real clock or another thread, so a seed is always the same run. Confined to the thread that runs it.
 */
public final class World {
    /** What the redirected calls of the client's code find. */
    private static final ThreadLocal<World> RUNNING = new ThreadLocal<>();

    /** Many times what a seed takes. */
    private static final int STEPS_MAX = 400_000;

    private record Event(long nanos, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(nanos, other.nanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    public final Random random;
    final long seed;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final IdentityHashMap<Thread, Task> tasks = new IdentityHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final boolean traced;
    private long now;
    private long lastNumber;
    private int lastTask;
    private long hash;
    private int steps;
    Task running;
    Network network;

    /** How often, one in so many, a task lets others go first where it takes a lock. */
    int preemptEvery;

    World(long seed, boolean traced) {
        this.seed = seed;
        this.random = new Random(seed);
        this.traced = traced;
        this.preemptEvery = random.nextBoolean() ? 8 : 1000;
    }

    static World running() {
        World world = RUNNING.get();
        if (world == null) {
            throw new IllegalStateException("no world runs on this thread");
        }
        return world;
    }

    /** Nanoseconds of true time. */
    public long now() {
        return now;
    }

    /** Has something happen after so long. */
    public void after(long nanos, Runnable action) {
        events.add(new Event(now + Math.max(0, nanos), ++lastNumber, action));
    }

    /** Runs until nothing is left to happen before this time. */
    void runUntil(long endNanos) {
        RUNNING.set(this);
        try {
            for (Event next = events.peek(); next != null && next.nanos <= endNanos; next = events.peek()) {
                events.remove();
                now = next.nanos;
                if (++steps > STEPS_MAX) {
                    throw new IllegalStateException(
                            "steps: " + steps + " (expected: <= " + STEPS_MAX + "): it goes in circles");
                }
                next.action.run();
            }
            now = Math.max(now, endNanos);
        } finally {
            RUNNING.remove();
        }
    }

    /** A task that is not started yet, of a program that uses the client; one in two is a virtual thread to it. */
    Task task(Process process, String name, Runnable body) {
        return task(process, name, body, random.nextBoolean());
    }

    Task task(Process process, String name, Runnable body, boolean virtual) {
        Task task = new Task(this, process, ++lastTask, name, body, virtual);
        tasks.put(task.thread, task);
        return task;
    }

    Task current() {
        if (running == null) {
            throw new IllegalStateException("not in a task");
        }
        return running;
    }

    Task of(Thread thread) {
        return tasks.get(thread);
    }

    void ended(Task task) {
        tasks.remove(task.thread);
    }

    /** Something is wrong with the product. */
    public void violation(String text) {
        log(() -> "VIOLATION " + text);
        violations.add(text);
    }

    List<String> violations() {
        return violations;
    }

    /** Tells what happens, where a run is looked at. */
    public void log(Supplier<String> line) {
        if (traced) {
            String name = running == null ? "-" : running.toString();
            trace.add(String.format("%12.6f ms %-22s %s", now / 1e6, name, line.get()));
        }
    }

    List<String> trace() {
        return trace;
    }

    /** Notes what makes this run different from others. */
    void mix(long value) {
        hash = (hash ^ value ^ now) * 0x9E3779B97F4A7C15L + 1;
    }

    long hash() {
        return hash;
    }
}
