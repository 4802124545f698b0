package netmem.client;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Things that another thread takes one after the other, in their order, so that whoever puts one in waits for nothing: a virtual
 * thread, as long as there is anything to take. Shared.
 *
 * <pre>
 *   field     access      guard
 *   things    concurrent  its own
 *   taking    atomic      true while a thread takes, or is about to look whether there is anything to take
 *   taker     volatile    written by the thread that takes, read by whoever waits, who might be that thread
 * </pre>
 *
 * Nothing stays: who puts something in starts a thread unless there is one, and that one looks once more after it said that it
 * is done. Where there is no memory for a thread, the next thing that is put in tries again.
 */
final class Mailbox<T> {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String thread;
    private final Consumer<T> task;
    private final LinkedBlockingQueue<T> things;
    private final AtomicBoolean taking = new AtomicBoolean();
    private volatile @Nullable Thread taker;

    /** Keeps at most so many things; the task, which takes one, must not throw but for a shortage of memory. */
    Mailbox(String thread, int max, Consumer<T> task) {
        this.thread = thread;
        this.task = task;
        this.things = new LinkedBlockingQueue<>(max);
    }

    /** Puts something in; false when it is full. */
    boolean put(T thing) {
        boolean fits = things.offer(thing);
        start();
        return fits;
    }

    /** Puts something in, in place of the oldest where it is full. */
    void putInPlaceOfOldest(T thing) {
        while (!things.offer(thing)) {
            @Nullable T _ = things.poll();
        }
        start();
    }

    /**
     * Waits until all is taken, so long at most; less when the thread is interrupted, which it still is then. The thread
     * that takes does not wait for itself.
     */
    void awaitTaken(long nanos) {
        long startNanos = System.nanoTime();
        while (taking.get()
                && taker != Thread.currentThread()
                && System.nanoTime() - startNanos < nanos
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
    }

    private void start() {
        if (taking.compareAndSet(false, true)) {
            try {
                Thread.ofVirtual().name(thread).start(this::take);
            } catch (OutOfMemoryError e) {
                taking.set(false);
            }
        }
    }

    private void take(T next) {
        try {
            task.accept(next);
        } catch (VirtualMachineError e) { // no memory to say what became of it; the next one may find some
            Shortage.rest();
        }
    }

    private void take() {
        taker = Thread.currentThread();
        do {
            for (T next = things.poll(); next != null; next = things.poll()) {
                take(next);
            }
            taking.set(false);
        } while (!things.isEmpty() && taking.compareAndSet(false, true));
    }
}
