package netmem.bench.cliff;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import netmem.api.Versioned;
import netmem.client.NetMem;
import netmem.client.TransactionBuilder;

/** Loads of requests that are large, or many. Stateless. */
final class Requests {
    private static final int PAGE = Cliff.FIRST_PAGE;
    private static final int SMALL_AT_ONCE = 20;
    private static final int COMPARES = 128;
    private static final int ATOMICS = 256;
    private static final int SNAPSHOT_PAGES = 500;
    private static final int LOCKED_PAGES = 128;

    private Requests() {}

    /** 20 reads at once: what a busy machine costs by itself. */
    static BusyLoad reads(Crowd crowd) {
        NetMem client = crowd.client();
        return () -> atOnce(i -> client.async().version(PAGE + i).toCompletableFuture());
    }

    /** 20 changes of one page at once. */
    static BusyLoad changes(Crowd crowd) {
        NetMem client = crowd.client();
        return () -> atOnce(_ -> client.async().addAndGet(PAGE, 0, 1).toCompletableFuture());
    }

    /** A transaction of 128 compares. */
    static BusyLoad compares(Crowd crowd) {
        NetMem client = crowd.client();
        List<Versioned> seen = client.readSnapshot(pages(COMPARES));
        return () -> {
            TransactionBuilder transaction = client.transaction();
            seen.forEach(transaction::ifUnchanged);
            transaction.run();
        };
    }

    /** A transaction of 256 atomics. */
    static BusyLoad atomics(Crowd crowd) {
        NetMem client = crowd.client();
        return () -> {
            TransactionBuilder transaction = client.transaction();
            for (int i = 0; i < ATOMICS; i++) {
                transaction.add(PAGE, 8 * (i % 8), 1);
            }
            transaction.run();
        };
    }

    /** The server's counters. */
    static BusyLoad stats(Crowd crowd) {
        NetMem client = crowd.client();
        return client::stats;
    }

    /** A snapshot of 500 pages, and 20 changes of some of them. */
    static BusyLoad snapshots(Crowd crowd) {
        NetMem reader = crowd.client();
        NetMem writer = crowd.client();
        long[] pages = pages(SNAPSHOT_PAGES);
        return () -> {
            CompletableFuture<List<Versioned>> snapshot =
                    reader.async().readSnapshot(pages).toCompletableFuture();
            atOnce(i -> writer.async().addAndGet(pages[17 * i], 0, 1).toCompletableFuture());
            snapshot.join();
        };
    }

    /** The locks of 128 pages, taken and given back. */
    static BusyLoad lockAll(Crowd crowd) {
        NetMem client = crowd.client();
        long[] pages = pages(LOCKED_PAGES);
        return () -> client.lockAll(pages).discard();
    }

    private interface Small {
        CompletableFuture<Long> send(int i);
    }

    private static void atOnce(Small request) {
        List<CompletableFuture<Long>> sent = new ArrayList<>();
        for (int i = 0; i < SMALL_AT_ONCE; i++) {
            sent.add(request.send(i));
        }
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
    }

    private static long[] pages(int count) {
        long[] pages = new long[count];
        for (int i = 0; i < count; i++) {
            pages[i] = PAGE + (long) i;
        }
        return pages;
    }
}
