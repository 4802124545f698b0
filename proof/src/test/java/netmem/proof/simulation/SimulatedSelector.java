package netmem.proof.simulation;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits for the newest socket that was registered, which is the only one that a client has. Confined to its world. */
final class SimulatedSelector extends AbstractSelector {
    private final World world;
    private @Nullable Key key;
    private @Nullable Task waiting;
    private boolean wokenUp;

    /** Of one socket. */
    private final class Key extends AbstractSelectionKey {
        private final SimulatedSocket socket;
        private int interest;
        private int ready;

        Key(SimulatedSocket socket, int interest) {
            this.socket = socket;
            this.interest = interest;
        }

        @Override
        public SelectableChannel channel() {
            return socket;
        }

        @Override
        public Selector selector() {
            return SimulatedSelector.this;
        }

        @Override
        public int interestOps() {
            return interest;
        }

        @Override
        public SelectionKey interestOps(int ops) {
            interest = ops;
            return this;
        }

        @Override
        public int readyOps() {
            return ready;
        }
    }

    SimulatedSelector(World world) {
        super(null);
        this.world = world;
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
        SimulatedSocket socket = (SimulatedSocket) channel;
        socket.selector(this);
        key = new Key(socket, ops);
        return key;
    }

    /** Something may be ready. */
    void changed() {
        if (waiting != null) {
            waiting.wake();
        }
    }

    @Override
    public Selector wakeup() {
        wokenUp = true;
        changed();
        return this;
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeoutMillis) {
        Task task = world.current();
        waiting = task;
        long end = task.process.clockNanos() + timeoutMillis * 1_000_000;
        for (long left = timeoutMillis * 1_000_000; ; left = end - task.process.clockNanos()) {
            Key current = key;
            if (current != null && current.isValid()) {
                current.ready = current.socket.readyOps() & current.interest;
                if (current.ready != 0) {
                    waiting = null;
                    action.accept(current);
                    return 1;
                }
            }
            if (wokenUp || left <= 0) {
                wokenUp = false;
                waiting = null;
                return 0;
            }
            task.await(left);
        }
    }

    @Override
    public int select(long timeoutMillis) {
        return select(_ -> {}, timeoutMillis);
    }

    @Override
    protected void implCloseSelector() {
        key = null;
    }

    @Override
    public Set<SelectionKey> keys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int selectNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int select() {
        throw new UnsupportedOperationException();
    }
}
