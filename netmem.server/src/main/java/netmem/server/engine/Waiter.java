package netmem.server.engine;

import java.util.Comparator;
import netmem.api.wire.Opcode;
import netmem.api.wire.Request;

/** A request that waits in a page's line. Compared by identity. Confined to the engine's monitor. */
final class Waiter {
    /** Earliest deadline first; arrival breaks ties, so that the order is the same in each run. */
    static final Comparator<Waiter> BY_DEADLINE =
            Comparator.<Waiter>comparingLong(waiter -> waiter.deadlineNanos).thenComparingLong(waiter -> waiter.number);

    /** What is done when its turn comes. */
    sealed interface Work {
        /** The page it is for. */
        long page();

        /** The operation that it counts as. */
        Opcode opcode();

        /** Bytes that it keeps while it waits. */
        int bytes();

        /** The same with copies of all buffers that are not its own. */
        Work owned();
    }

    /** Takes the lock. */
    record ForLock(Request.Lock request) implements Work {
        @Override
        public long page() {
            return request.page();
        }

        @Override
        public Opcode opcode() {
            return Opcode.LOCK;
        }

        @Override
        public int bytes() {
            return 0;
        }

        @Override
        public Work owned() {
            return this;
        }
    }

    /** Changes the page; the data is owned. {@code version02} is what a 0.2 client asks for, 0 for others. */
    record ForWrite(Request.Write request, int version02) implements Work {
        @Override
        public long page() {
            return request.page();
        }

        @Override
        public Opcode opcode() {
            return Opcode.WRITE;
        }

        @Override
        public int bytes() {
            return request.data().remaining();
        }

        @Override
        public Work owned() {
            Request.Write copy = new Request.Write(
                    request.page(),
                    request.ifVersion(),
                    request.token(),
                    request.waitMillis(),
                    request.returnCurrent(),
                    request.ranges(),
                    PageChange.copyOf(request.data()));
            return new ForWrite(copy, version02);
        }
    }

    final Session session;
    final long requestId;
    final Work work;
    final long number;
    final long arrivedNanos;
    final long deadlineNanos;

    Waiter(Session session, long requestId, Work work, long number, long arrivedNanos, long deadlineNanos) {
        this.session = session;
        this.requestId = requestId;
        this.work = work;
        this.number = number;
        this.arrivedNanos = arrivedNanos;
        this.deadlineNanos = deadlineNanos;
    }
}
