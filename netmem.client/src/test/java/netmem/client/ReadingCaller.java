package netmem.client;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import netmem.api.wire.Reply;

/** A caller on a platform thread that a test brings to read the socket itself. Confined to the test's thread. */
final class ReadingCaller implements AutoCloseable {
    private static final int ROUNDS_MAX = 100_000;
    private static final FutureTask<Long> END = new FutureTask<>(() -> 0L);

    private final BlockingQueue<FutureTask<?>> tasks = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("caller").start(this::run);

    @SuppressWarnings("Interruption") // an interrupt is for the call, and ends nothing else
    private void run() {
        for (FutureTask<?> task = null; task != END; ) {
            try {
                task = tasks.take();
                task.run();
            } catch (InterruptedException e) {
                task = null; // it came after its call
            }
        }
    }

    <R> FutureTask<R> start(Callable<R> call) {
        FutureTask<R> task = new FutureTask<>(call);
        tasks.add(task);
        return task;
    }

    void interrupt() {
        thread.interrupt();
    }

    /** A question for a version that is under way, and its frame at the server. */
    record Waiting(FutureTask<Long> version, FakeServer.Frame frame) {}

    /** Asks for a page's version, again and again, until the client's own thread leaves the reading to this one. */
    Waiting reading(NetMem mem, FakeServer.Peer peer) throws Exception {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            FutureTask<Long> version = start(() -> mem.version(1));
            FakeServer.Frame frame = peer.nextCall();
            if (reads()) {
                return new Waiting(version, frame);
            }
            peer.reply(version(1), frame);
            FakeServer.join(version);
        }
        throw new AssertionError("the caller never reads");
    }

    static Reply version(long version) {
        return new Reply.Data(version, ByteBuffer.allocate(0));
    }

    /** Waits until the caller, whose request has gone out, is at the selector or parked; says whether it reads. */
    boolean reads() {
        for (; ; ) {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getMethodName().equals("await")
                        && frame.getClassName().equals(Connection.class.getName())) {
                    return true;
                }
            }
            if (thread.getState() != Thread.State.RUNNABLE) {
                return false;
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        tasks.add(END);
    }
}
