package netmem.client;

import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Where callers wait until the core can take their calls: one queue for each {@link Kind}, so that a slot that came
 * free wakes one who may have it. Shared; all state is guarded by the client's lock.
 *
 * <p>Nobody waits beside a free slot: whoever is woken and cannot use it, since another caller was quicker, waits
 * again, and that caller's answer wakes the next; whoever was woken as his time ended passes it on.
 */
final class Room {
    /** How long a call may stay in its slot, which decides how many slots it leaves to others. */
    enum Kind {
        /** Answered as soon as the server reads it. */
        PROMPT("all slots are taken"),
        /** Waits at the server while somebody else holds the page. */
        CHANGE("all slots for changes are taken, since they may wait for locks; one in eight is kept for reads"),
        /** Waits at the server for what others do. */
        WAIT("all slots for calls that wait at the server are taken; one in four is kept for all others");

        private final String full;

        Kind(String full) {
            this.full = full;
        }

        /** Why a call of this kind could not be sent, for messages. */
        String full() {
            return full;
        }
    }

    private final List<Queue> queues;
    private int waiting;

    /** Who waits with calls of one kind. */
    private static final class Queue {
        private final Kind kind;
        private final Condition changed;
        private int length;

        Queue(Kind kind, Condition changed) {
            this.kind = kind;
            this.changed = changed;
        }
    }

    Room(ReentrantLock lock) {
        queues = Stream.of(Kind.values())
                .map(kind -> new Queue(kind, lock.newCondition()))
                .toList();
    }

    /** Waits for a change at most so long; says how long is left. */
    @SuppressWarnings("WaitNotInLoop") // its callers loop
    long await(Kind kind, long nanos) throws InterruptedException {
        Queue queue =
                queues.stream().filter(one -> one.kind == kind).findFirst().orElseThrow();
        boolean used = false;
        queue.length++;
        waiting++;
        try {
            long left = queue.changed.awaitNanos(nanos);
            used = left > 0;
            return left;
        } finally {
            queue.length--;
            waiting--;
            if (!used) {
                queue.changed.signal();
            }
        }
    }

    /** A slot may have come free: wakes one of each kind that finds one. */
    void signal(ClientCore core) {
        if (waiting == 0) {
            return;
        }
        queues.forEach(queue -> {
            if (queue.length > 0 && core.hasSlot(queue.kind)) {
                queue.changed.signal();
            }
        });
    }

    /** More than a slot has changed. */
    void signalAll() {
        if (waiting > 0) {
            queues.forEach(queue -> queue.changed.signalAll());
        }
    }
}
