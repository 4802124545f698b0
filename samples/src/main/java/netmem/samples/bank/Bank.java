package netmem.samples.bank;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import netmem.api.Versioned;
import netmem.client.NetMem;
import netmem.client.PageLock;

/** A bank whose branches are the server's pages. Clerks may be killed at any instant: the money stays. */
public final class Bank {
    /** Longer than the lease after which a dead clerk's lock is given to the next. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Bank() {}

    public static void main(String[] args) {
        String command = Arrays.stream(args).skip(1).collect(Collectors.joining(" "));
        if (!command.matches("open|audit|clerk [0-9]{1,18}")) {
            System.err.println("usage: Bank netmem://HOST:PORT open | audit | clerk SEED (SEED: up to 18 digits)");
            System.exit(2);
        }
        try (NetMem mem = NetMem.connect(args[0])) {
            switch (args[1]) {
                case "open" -> open(mem);
                case "audit" -> System.out.println("total: " + total(mem) + ", transfers: " + transfers(mem));
                default -> work(mem.within(PATIENCE), new Random(Long.parseLong(args[2])));
            }
        }
    }

    static void open(NetMem mem) {
        for (long branch = 0; branch < mem.pageCount(); branch++) {
            mem.update(branch, Branch::open);
        }
    }

    /** All money of all branches at one instant. */
    static long total(NetMem mem) {
        return branches(mem).stream()
                .mapToLong(page -> Branch.total(page.buffer()))
                .sum();
    }

    static long transfers(NetMem mem) {
        return branches(mem).stream()
                .mapToLong(page -> Branch.transfers(page.buffer()))
                .sum();
    }

    static List<Versioned> branches(NetMem mem) {
        return mem.readSnapshot(LongStream.range(0, mem.pageCount()).toArray());
    }

    /** Makes transfers until the process ends. */
    @SuppressWarnings("InfiniteLoopStatement")
    private static void work(NetMem mem, RandomGenerator random) {
        while (true) {
            long branch = random.nextLong(mem.pageCount());
            int accounts = Branch.accounts(mem.pageLengthBytes());
            int from = random.nextInt(accounts);
            int to = random.nextInt(accounts);
            long amount = random.nextLong(1, Branch.OPENING_BALANCE);
            if (random.nextBoolean()) {
                transferUnderLock(mem, branch, from, to, amount);
            } else {
                mem.update(branch, page -> Branch.transfer(page, from, to, amount));
            }
        }
    }

    private static void transferUnderLock(NetMem mem, long branch, int from, int to, long amount) {
        try (PageLock lock = mem.lock(branch)) {
            if (Branch.transfer(lock.buffer(), from, to, amount)) {
                lock.commit();
            }
        }
    }
}
