package netmem.samples.factor;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import netmem.client.NetMem;
import netmem.samples.launch.Argument;
import netmem.samples.launch.Children;

/**
 * Factors a number with several processes over a NetMem server of its own: starts all, shows how they get on, checks what they
 * found, stops all. Exit code 0: factored and checked; 1: failed; 2: bad arguments.
 */
public final class Factor {
    /** 40 digits, two primes of 20. */
    private static final String DEFAULT_NUMBER = "5288778455523907838862907519447894062689";

    private static final int DEFAULT_WORKERS = 3;
    private static final int WORKERS_MAX = 64;

    /** More curves than workers, so that each finds a free one. */
    private static final int CURVES_PER_WORKER = 4;

    private static final long POLL_MILLIS = 50;
    private static final long LINE_NANOS = 1_000_000_000L;

    private final BigInteger number;
    private final int workers;
    private final long start = System.nanoTime();

    private Factor(BigInteger number, int workers) {
        this.number = number;
        this.workers = workers;
    }

    public static void main(String[] args) throws InterruptedException {
        Factor factor;
        try {
            factor = of(args);
        } catch (IllegalArgumentException e) {
            System.err.println("factor: " + e.getMessage());
            System.err.println("usage: factor [NUMBER [WORKERS]]");
            System.exit(2);
            return;
        }
        System.exit(factor.run() ? 0 : 1);
    }

    private static Factor of(String[] args) {
        if (args.length > 2) {
            throw new IllegalArgumentException("arguments: " + args.length + " (expected: at most 2)");
        }
        String digits = args.length > 0 ? args[0] : DEFAULT_NUMBER;
        String workers = args.length > 1 ? args[1] : Integer.toString(DEFAULT_WORKERS);
        if (!digits.matches("[0-9]{1,309}")) {
            throw new IllegalArgumentException("NUMBER: " + digits + " (expected: decimal digits, at most 309)");
        }
        int count = Argument.number("WORKERS", workers, 1, WORKERS_MAX);
        Problem.of(new BigInteger(digits));
        return new Factor(new BigInteger(digits), count);
    }

    private boolean run() throws InterruptedException {
        try (Children children = new Children()) {
            System.out.println("factoring " + number + " (" + number.toString().length() + " digits)");
            String uri = children.startServer(1 + curves(), ProblemPage.LENGTH);
            try (NetMem mem = NetMem.connect(uri)) {
                mem.write(0, 0, ProblemPage.bytes(Problem.of(number)));
                List<Process> running = new ArrayList<>();
                for (int i = 1; i <= workers; i++) {
                    running.add(children.startProgram(FactorWorker.class, uri, "worker-" + i));
                }
                System.out.println("server " + uri + ", " + workers + " workers, population " + curves());
                return conclude(watch(mem, running));
            }
        }
    }

    private int curves() {
        return CURVES_PER_WORKER * workers;
    }

    /** Prints a line each second until the number is factored, or no worker is left. */
    private Problem watch(NetMem mem, List<Process> running) throws InterruptedException {
        long nextLine = System.nanoTime() + LINE_NANOS;
        while (true) {
            long alive = running.stream().filter(Process::isAlive).count();
            Problem problem = mem.peek(0, ProblemPage::problem);
            boolean end = problem.solved() || alive == 0;
            if (end || System.nanoTime() - nextLine >= 0) {
                System.out.println(new Progress(problem, seconds(), alive, workers).line());
                nextLine += LINE_NANOS;
            }
            if (end) {
                return problem;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    private boolean conclude(Problem problem) {
        System.out.println(number + " = " + problem.written());
        boolean verified = problem.number().equals(number) && problem.verified();
        System.out.println(
                verified
                        ? String.format(
                                Locale.ROOT,
                                "checked: each factor is prime and their product is the number; %.1f s, %d curves",
                                seconds(),
                                problem.curvesDone())
                        : "not factored: a part is still composite");
        return verified;
    }
}
