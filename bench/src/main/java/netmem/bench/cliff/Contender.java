package netmem.bench.cliff;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import netmem.api.NetMemException;
import netmem.api.TransactionResult;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.client.NetMem;
import netmem.client.Transaction;
import netmem.client.TransactionBuilder;

/** Ways to add one to a word of a page, or of four pages together, while others change other words of them. Pure. */
public enum Contender {
    /** Reads, and writes if nobody was faster, until nobody was. */
    LOOP("loop of read and compareAndUpdate", 1),
    /** {@link NetMem#update}. */
    UPDATE("update", 1),
    /** {@link NetMem#transact} of one page. */
    TRANSACT("transact", 1),
    /** Reads four pages of one instant, and writes if none has changed, until none has. */
    LOOP_OF_FOUR("loop of readSnapshot and transaction, 4 pages", 4),
    /** {@link NetMem#transact} of four pages. */
    TRANSACT_OF_FOUR("transact, 4 pages", 4);

    private static final int OFFSET = 0;

    private final String words;
    private final int pages;

    Contender(String words, int pages) {
        this.words = words;
        this.pages = pages;
    }

    /** What it is, for people. */
    public String words() {
        return words;
    }

    /** How many pages it changes. */
    public int pages() {
        return pages;
    }

    /** Does it once; false where others were faster until the deadline. */
    public boolean add(NetMem client, Duration deadline) {
        try {
            return switch (this) {
                case LOOP -> loop(client, deadline);
                case UPDATE -> {
                    Versioned _ = client.update(0, Contender::addOne);
                    yield true;
                }
                case LOOP_OF_FOUR -> loopOfFour(client, deadline);
                case TRANSACT, TRANSACT_OF_FOUR -> client.transact(this::addOneToEach);
            };
        } catch (NetMemException.DeadlinePassed e) {
            return false;
        }
    }

    private boolean addOneToEach(Transaction transaction) {
        for (int i = 0; i < pages; i++) {
            addOne(transaction.buffer(i));
        }
        return true;
    }

    private static void addOne(ByteBuffer page) {
        page.putLong(OFFSET, page.getLong(OFFSET) + 1);
    }

    private static boolean loop(NetMem client, Duration deadline) {
        long start = System.nanoTime();
        Versioned base = client.read(0);
        while (System.nanoTime() - start < deadline.toNanos()) {
            byte[] bytes = new byte[base.buffer().remaining()];
            base.buffer().get(bytes);
            addOne(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
            switch (client.compareAndUpdate(base, bytes)) {
                case UpdateResult.Updated _ -> {
                    return true;
                }
                case UpdateResult.Stale stale -> base = stale.current();
            }
        }
        return false;
    }

    private static boolean loopOfFour(NetMem client, Duration deadline) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < deadline.toNanos()) {
            List<Versioned> seen = client.readSnapshot(0, 1, 2, 3);
            TransactionBuilder transaction = client.transaction();
            seen.forEach(transaction::ifUnchanged);
            for (Versioned page : seen) {
                transaction.add(page.page(), OFFSET, 1);
            }
            if (transaction.run() instanceof TransactionResult.Committed) {
                return true;
            }
        }
        return false;
    }

    /** The name on a command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
