package netmem.proof.simulation;

import java.util.ArrayDeque;
import java.util.Date;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A lock among tasks. Where one is taken, others may go first. Confined to its world. */
public final class SimulatedLock extends ReentrantLock {
    private static final long serialVersionUID = 1L;

    private final transient Deque<Task> waiting = new ArrayDeque<>();
    private transient @Nullable Task owner;
    private int holds;

    @Override
    public void lock() {
        World world = World.running();
        Task task = world.current();
        if (owner != task && task.chance(world.preemptEvery)) {
            task.giveWay();
        }
        while (owner != null && owner != task) {
            waiting.add(task);
            task.await(Long.MAX_VALUE);
            waiting.remove(task);
        }
        owner = task;
        holds++;
    }

    @Override
    public boolean tryLock() {
        Task task = World.running().current();
        if (owner != null && owner != task) {
            return false;
        }
        owner = task;
        holds++;
        return true;
    }

    @Override
    public void unlock() {
        if (owner != World.running().current()) {
            throw new IllegalMonitorStateException("owner: " + owner);
        }
        if (--holds == 0) {
            owner = null;
            Task next = waiting.peek();
            if (next != null) {
                next.wake();
            }
            World world = World.running();
            if (world.current().chance(world.preemptEvery)) {
                world.current().giveWay();
            }
        }
    }

    @Override
    public boolean isHeldByCurrentThread() {
        return owner == World.running().current();
    }

    @Override
    public Condition newCondition() {
        return new Waiters();
    }

    /** Those who wait for a signal, in order. */
    private final class Waiters implements Condition {
        private final Deque<Task> signalled = new ArrayDeque<>();
        private final Deque<Task> line = new ArrayDeque<>();

        @Override
        public long awaitNanos(long nanos) throws InterruptedException {
            Task task = World.running().current();
            throwIfInterrupted(task);
            long end = task.process.clockNanos() + nanos;
            line.add(task);
            int held = holds;
            holds = 1;
            unlock();
            long left = nanos;
            while (left > 0 && !signalled.contains(task) && !task.thread.isInterrupted()) {
                task.await(left);
                left = end - task.process.clockNanos();
            }
            boolean was = signalled.remove(task);
            line.remove(task);
            lock();
            holds = held;
            if (!was) {
                throwIfInterrupted(task);
            }
            return end - task.process.clockNanos();
        }

        private static void throwIfInterrupted(Task task) throws InterruptedException {
            if (task.takeInterrupt()) {
                throw new InterruptedException();
            }
        }

        @Override
        public void signal() {
            Task next = line.poll();
            if (next != null) {
                signalled.add(next);
                next.wake();
            }
        }

        @Override
        public void signalAll() {
            while (!line.isEmpty()) {
                signal();
            }
        }

        @Override
        public void await() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void awaitUninterruptibly() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean await(long time, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean awaitUntil(Date deadline) {
            throw new UnsupportedOperationException();
        }
    }
}
