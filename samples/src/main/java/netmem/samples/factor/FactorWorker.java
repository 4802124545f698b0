package netmem.samples.factor;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import netmem.api.NetMemException;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.client.NetMem;
import netmem.client.PageLock;

/**
 * One worker process: takes a curve of the population, improves it for a moment, puts it back, and so on until the number is factored.
 * Confined to one thread. A worker that is killed leaves a curve as it was before the last moment; another goes on with it.
 */
public final class FactorWorker {
    /** Work that a killed worker loses at most. */
    private static final Duration SLICE = Duration.ofMillis(150);

    private final NetMem mem;
    private final Worker worker;
    private final long seed;

    FactorWorker(NetMem mem, String name, long seed) {
        this.mem = mem;
        this.seed = seed;
        worker = new Worker(name, new SplittableRandom(seed));
    }

    public static void main(String[] args) {
        if (args.length != 2) {
            System.err.println("usage: FactorWorker netmem://HOST:PORT NAME");
            System.exit(2);
        }
        try (NetMem mem = NetMem.connect(args[0])) {
            new FactorWorker(mem, args[1], new SecureRandom().nextLong()).run();
        }
    }

    /** Returns when all parts of the number are prime. */
    void run() {
        long curvePages = mem.pageCount() - 1;
        long next = Math.floorMod(seed, curvePages);
        Problem problem = problem();
        while (!problem.solved()) {
            boolean stay = slice(1 + next, problem);
            if (!stay) {
                next = (next + 1) % curvePages;
            }
            problem = problem();
        }
    }

    private Problem problem() {
        return mem.peek(0, ProblemPage::problem);
    }

    /** Works on a page's curve, if nobody else does. True when the curve is worth another slice. */
    private boolean slice(long page, Problem problem) {
        try (PageLock lock = mem.tryLock(page, Duration.ZERO).orElse(null)) {
            if (lock == null) {
                return false;
            }
            Optional<CurvePage> found = CurvePage.of(page, lock.buffer());
            long end = System.nanoTime() + SLICE.toNanos();
            BigInteger composite = problem.composite().orElseThrow();
            Worker.Turn turn = worker.turn(composite, problem.curvesDone(), found, () -> System.nanoTime() - end >= 0);
            if (turn.curveOver()) {
                report(turn);
            }
            lock.buffer().put(0, turn.page().bytes());
            lock.commit();
            return !turn.curveOver();
        } catch (NetMemException.LockLost e) {
            return false;
        }
    }

    /** Writes a curve's end, and its factor where there is one, into page 0. */
    private void report(Worker.Turn turn) {
        Versioned page = mem.read(0);
        while (true) {
            Problem next =
                    ProblemPage.problem(page.buffer()).afterCurve(turn.page().takeovers());
            Problem split = turn.factor().map(next::splitBy).orElse(next);
            switch (mem.compareAndUpdate(page, ProblemPage.bytes(split))) {
                case UpdateResult.Updated _ -> {
                    return;
                }
                case UpdateResult.Stale(Versioned current) -> page = current;
            }
        }
    }
}
