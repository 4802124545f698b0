package netmem.proof.simulation;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import netmem.api.Fetched;
import netmem.api.NetMemException;
import netmem.api.PageRange;
import netmem.api.Status;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.api.WordResult;
import netmem.client.NetMem;

/** A thread of a client's program: calls of all kinds, one after another, each recorded. Confined to its world. */
final class User {
    final Member member;
    final World world;
    final Scenario scenario;
    final NetMem mem;
    private final LockUser locks;
    private final TransactionUser transactions;

    User(Member member, NetMem mem) {
        this.member = member;
        this.scenario = member.scenario;
        this.world = scenario.world;
        this.mem = mem;
        this.locks = new LockUser(this);
        this.transactions = new TransactionUser(this);
    }

    void run() {
        while (!scenario.isOver()) {
            pause(scenario.thinkNanos());
            step();
        }
    }

    void pause(long meanNanos) {
        world.current().await(world.random.nextLong(2 * meanNanos));
    }

    long page() {
        return world.random.nextInt(scenario.pages);
    }

    /** One call, or a few that belong together. */
    private void step() {
        int kind = world.random.nextInt(40);
        if (kind < 5) {
            read();
        } else if (kind < 7) {
            readRange();
        } else if (kind < 10) {
            readSnapshot();
        } else if (kind < 14) {
            write();
        } else if (kind < 16) {
            compareAndUpdate();
        } else if (kind < 18) {
            update();
        } else if (kind < 20) {
            swap();
        } else if (kind < 22) {
            compareAndSet();
        } else if (kind < 24) {
            awaitNewer();
        } else if (kind < 34) {
            locks.step();
        } else {
            transactions.step();
        }
    }

    /** Runs a call and records how it ends. */
    boolean call(String what, Consumer<Draft> body) {
        return call(what, 0, body);
    }

    /** Runs a call that may wait longer than the deadline. */
    boolean call(String what, long waitMillis, Consumer<Draft> body) {
        Draft draft = new Draft(scenario.truth, member.number, what, world.now());
        scenario.add(draft);
        world.log(() -> what);
        long pausedBefore = member.process.pausedNanos();
        boolean done = false;
        String end = "done";
        try {
            body.accept(draft);
            draft.done(world.now());
            done = true;
            member.answered(what, draft.shownIncarnation());
            draft.replied(member.watches());
        } catch (NetMemException e) {
            draft.failed(e, world.now());
            end = e.status() + " " + e.outcome();
            if (e.status() == Status.INCARNATION_CHANGED) {
                member.renew(mem);
            }
            if (e instanceof NetMemException.Interrupted) {
                world.current().takeInterrupt();
            }
            if (e instanceof NetMemException.ProtocolBroken) {
                world.violation(what + ": " + e);
            }
        }
        String ended = end;
        world.log(() -> what + ": " + ended);
        scenario.count(what.split(" ", 2)[0] + " " + end);
        long boundNanos = (4 * scenario.deadlineMillis + waitMillis + 1500) * Scenario.MILLI
                + member.process.pausedNanos()
                - pausedBefore;
        draft.checkDuration(world, boundNanos);
        return done;
    }

    void read() {
        long page = page();
        call("read " + page, draft -> draft.sees(mem.read(page)));
    }

    private void readRange() {
        long page = page();
        int length = 8 * (1 + world.random.nextInt(16));
        call("read-range " + page, draft -> {
            Versioned range = mem.read(page, 0, length);
            long word = Words.first(range.bytes());
            draft.sees(page, range.version(), word);
            scenario.truth.check("read-range", page, range.version(), 0, range.bytes(), word);
        });
    }

    private void readSnapshot() {
        long first = page();
        long second = page();
        long[] pages = first == second ? new long[] {first} : new long[] {first, second};
        call(
                "read-snapshot " + first + " " + second,
                draft -> mem.readSnapshot(pages).forEach(draft::sees));
    }

    private void write() {
        long page = page();
        long word = member.freshWord();
        boolean ranges = world.random.nextBoolean();
        call("write " + page + " " + Words.text(word), draft -> {
            draft.wouldMake(page, word);
            long version = ranges ? writeRanges(page, word) : mem.write(page, 0, Words.page(word));
            draft.made(page, version, word);
        });
    }

    private long writeRanges(long page, long word) {
        ByteBuffer data =
                ByteBuffer.allocate(16).put(Words.of(word)).put(Words.of(word)).flip();
        return mem.write(page, List.of(new PageRange(0, 8), new PageRange(Words.LAST, 8)), data);
    }

    private void compareAndUpdate() {
        long page = page();
        Versioned[] base = new Versioned[1];
        if (!call("read " + page, draft -> {
            base[0] = mem.read(page);
            draft.sees(base[0]);
        })) {
            return;
        }
        if (world.random.nextBoolean()) {
            pause(scenario.thinkNanos());
        }
        long word = member.freshWord();
        call("compare-and-update " + page + " " + Words.text(word), draft -> {
            draft.wouldMake(page, word);
            switch (mem.compareAndUpdate(base[0], Words.page(word))) {
                case UpdateResult.Updated updated -> {
                    draft.sees(base[0]);
                    draft.made(page, updated.version(), word);
                }
                case UpdateResult.Stale stale -> {
                    draft.madeNothing();
                    draft.sees(stale.current());
                }
            }
        });
    }

    private void update() {
        long page = page();
        call("update " + page, draft -> {
            Versioned after = mem.update(page, bytes -> {
                draft.again();
                long word = member.freshWord();
                draft.wouldMake(page, word);
                bytes.putLong(0, word).putLong(Words.LAST, word);
            });
            draft.made(page, after.version(), Words.first(after.bytes()));
            scenario.truth.check("update", page, after.version(), 0, after.bytes(), Words.first(after.bytes()));
        });
    }

    private void swap() {
        long page = page();
        long word = member.freshWord();
        call("swap " + page + " " + Words.text(word), draft -> {
            draft.wouldMake(page, word);
            Fetched fetched = mem.atomic(page, 0, WordFunction.SWAP, word);
            draft.sees(page, fetched.version() - 1, fetched.old());
            draft.made(page, fetched.version(), word);
        });
    }

    private void compareAndSet() {
        long page = page();
        long[] base = new long[1];
        if (!call("read " + page, draft -> {
            Versioned now = mem.read(page);
            base[0] = Words.first(now.bytes());
            draft.sees(now);
        })) {
            return;
        }
        long word = member.freshWord();
        call("compare-and-set " + page + " " + Words.text(word), draft -> {
            draft.wouldMake(page, word);
            switch (mem.compareAndSet(page, 0, base[0], word)) {
                case WordResult.Set(long version) -> {
                    draft.sees(page, version - 1, base[0]);
                    draft.made(page, version, word);
                }
                case WordResult.Differs(long version, long actual) -> {
                    draft.madeNothing();
                    draft.sees(page, version, actual);
                    if (actual == base[0]) {
                        world.violation("compare-and-set: differs, but has the expected word " + Words.text(actual));
                    }
                }
            }
        });
    }

    private void awaitNewer() {
        long page = page();
        Versioned[] base = new Versioned[1];
        if (!call("read " + page, draft -> {
            base[0] = mem.read(page);
            draft.sees(base[0]);
        })) {
            return;
        }
        long wait = world.random.nextLong(2 * scenario.leaseMillis);
        call("await-newer " + page + " v" + base[0].version(), wait, draft -> {
            Optional<Versioned> newer = mem.awaitNewer(page, base[0].version(), Duration.ofMillis(wait));
            newer.ifPresent(draft::sees);
            scenario.count(newer.isPresent() ? "await-newer newer" : "await-newer empty");
        });
    }
}
