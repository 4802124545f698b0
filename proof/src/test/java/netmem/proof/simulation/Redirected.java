package netmem.proof.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the client's code calls in the world in place of the JDK: the few methods that know time, threads, chance and
 * sockets. {@link Redirection} puts these calls in; receivers come as first argument. Confined to the world's thread.
 */
public final class Redirected {
    private Redirected() {}

    private static Task task() {
        return World.running().current();
    }

    public static long nanoTime() {
        return task().process.clockNanos();
    }

    public static void park(Object blocker) {
        task().park(Long.MAX_VALUE);
    }

    public static void parkNanos(Object blocker, long nanos) {
        if (nanos > 0) {
            task().park(nanos);
        }
    }

    public static void unpark(Thread thread) {
        Task task = World.running().of(thread);
        if (task != null) {
            task.unpark();
        }
    }

    public static Thread currentThread() {
        return task().thread;
    }

    public static boolean isVirtual(Thread thread) {
        Task task = World.running().of(thread);
        return task != null && task.virtual;
    }

    public static void onSpinWait() {
        task().giveWay();
    }

    public static Thread unstarted(Thread.Builder builder, Runnable body) {
        boolean virtual = builder instanceof Thread.Builder.OfVirtual;
        return World.running().task(task().process, "thread", body, virtual).thread;
    }

    public static Thread start(Thread.Builder builder, Runnable body) {
        Thread thread = unstarted(builder, body);
        start(thread);
        return thread;
    }

    public static void start(Thread thread) {
        World.running().of(thread).start();
    }

    public static long nextLong(ThreadLocalRandom random, long bound) {
        return task().nextLong(bound);
    }

    public static ByteBuffer allocateDirect(int bytes) {
        return ByteBuffer.allocate(bytes);
    }

    public static Selector openSelector() throws IOException {
        return new SimulatedSelector(World.running());
    }

    public static SocketChannel openSocket() throws IOException {
        return Network.of(World.running()).socket(task().process);
    }
}
