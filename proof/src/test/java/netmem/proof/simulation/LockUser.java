package netmem.proof.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import netmem.api.NetMemException;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.client.LockGroup;
import netmem.client.Locks;
import netmem.client.PageLock;

/** What a user does with locks. Confined to its world. */
final class LockUser {
    private final User user;
    private final World world;
    private final Scenario scenario;

    LockUser(User user) {
        this.user = user;
        this.world = user.world;
        this.scenario = user.scenario;
    }

    void step() {
        int kind = world.random.nextInt(10);
        if (kind < 5) {
            one(user.mem, kind == 0);
        } else if (kind < 8) {
            several();
        } else {
            twoInTurn();
        }
    }

    /** Takes one lock, holds it for a while, and gives it back, with changes or without. */
    private void one(Locks owner, boolean shared) {
        Held held = take(owner, user.page(), shared);
        if (held != null) {
            held.hold();
            held.giveBack();
        }
    }

    /** Takes two in any order, so that others who do the same may stand in a circle with it. */
    private void twoInTurn() {
        Locks owner = user.mem.owner();
        Held first = take(owner, user.page(), world.random.nextInt(4) == 0);
        if (first == null) {
            return;
        }
        long page = user.page();
        Held second = page == first.lock.page() ? null : take(owner, page, world.random.nextInt(4) == 0);
        if (second != null) {
            second.hold();
            second.giveBack();
        }
        first.giveBack();
    }

    private Held take(Locks owner, long page, boolean shared) {
        Held[] held = new Held[1];
        boolean waits = world.random.nextBoolean();
        long wait = world.random.nextLong(2 * scenario.leaseMillis);
        user.call((shared ? "lock-shared " : "lock ") + page, wait, draft -> {
            Optional<PageLock> lock = waits
                    ? Optional.of(shared ? owner.lockShared(page) : owner.lock(page))
                    : shared
                            ? owner.tryLockShared(page, Duration.ofMillis(wait))
                            : owner.tryLock(page, Duration.ofMillis(wait));
            if (lock.isPresent()) {
                PageLock granted = lock.get();
                byte[] bytes = new byte[Words.PAGE_BYTES];
                granted.buffer().duplicate().get(0, bytes);
                draft.sees(Versioned.owning(granted.incarnation(), page, granted.version(), bytes));
                draft.token(granted.token());
                held[0] = new Held(granted, shared, Words.first(bytes));
            }
            scenario.count(lock.isPresent() ? "lock granted" : "lock refused");
        });
        return held[0];
    }

    /** One lock that a user has. */
    private final class Held {
        private final PageLock lock;
        private final Tenancy tenancy;
        private final long word;

        /** Whether the page may have been changed under the lock. */
        private boolean changed;

        Held(PageLock lock, boolean shared, long word) {
            this.lock = lock;
            this.word = word;
            this.tenancy = new Tenancy(user, lock.page(), word, lock.token(), shared);
            tenancy.asked(lock.isHeld());
            lock.onLost(tenancy::lost);
        }

        void hold() {
            for (int i = world.random.nextInt(4); i > 0; i--) {
                user.pause(scenario.holdNanos());
                tenancy.asked(lock.isHeld());
                if (world.random.nextInt(6) == 0) {
                    user.read();
                } else if (!lock.isShared() && world.random.nextInt(4) == 0) {
                    writeUnderToken();
                }
            }
        }

        /** A transaction that is done only while the lock is held. */
        private void writeUnderToken() {
            long other = world.random.nextBoolean() ? lock.page() : user.page();
            boolean own = other == lock.page();
            long fresh = user.member.freshWord();
            changed |= own;
            user.call("write-if-held " + other + " " + Words.text(fresh), draft -> {
                draft.token(own ? lock.token() : 0);
                draft.wouldMake(other, fresh);
                TransactionResult result = user.mem
                        .transaction()
                        .ifHeld(lock)
                        .write(other, 0, Words.page(fresh))
                        .run();
                switch (result) {
                    case TransactionResult.Committed committed ->
                        draft.made(other, committed.versions().get(other), fresh);
                    case TransactionResult.Refused _ -> {
                        draft.madeNothing();
                        tenancy.refused();
                    }
                }
            });
        }

        void giveBack() {
            tenancy.asked(lock.isHeld());
            tenancy.over();
            if (lock.isShared() || world.random.nextInt(4) == 0) {
                user.call("unlock " + lock.page(), _ -> lock.close());
                return;
            }
            // What differs from the page as it was granted is sent, and may lie over what was written since.
            long fresh = user.member.freshWord(word);
            user.call("commit " + lock.page() + " " + Words.text(fresh), draft -> {
                draft.token(lock.token());
                if (!changed) {
                    draft.sees(lock.page(), lock.version(), word);
                }
                draft.wouldMake(lock.page(), fresh);
                lock.buffer().putLong(0, fresh);
                if (world.random.nextBoolean()) {
                    lock.buffer().putLong(Words.LAST, fresh);
                }
                try {
                    draft.made(lock.page(), lock.commit(), fresh);
                } catch (NetMemException e) {
                    scenario.count("commit " + e.getClass().getSimpleName());
                    lock.close();
                    throw e;
                }
            });
        }
    }

    /** Takes several at once, and changes them at one instant. */
    private void several() {
        long[] pages = world.random
                .longs(0, scenario.pages)
                .distinct()
                .limit(1 + world.random.nextInt(Math.min(3, scenario.pages)))
                .toArray();
        LockGroup[] group = new LockGroup[1];
        List<Tenancy> tenancies = new ArrayList<>();
        user.call("lock-all " + java.util.Arrays.toString(pages), draft -> {
            LockGroup locks = user.mem.lockAll(pages);
            group[0] = locks;
            for (long page : pages) {
                byte[] bytes = new byte[Words.PAGE_BYTES];
                locks.buffer(page).duplicate().get(0, bytes);
                draft.sees(Versioned.owning(locks.incarnation(), page, locks.version(page), bytes));
                Tenancy tenancy = new Tenancy(user, page, Words.first(bytes), locks.token(page), false);
                tenancy.asked(locks.isHeld());
                locks.onLost(tenancy::lost);
                tenancies.add(tenancy);
            }
        });
        LockGroup locks = group[0];
        if (locks == null) {
            return;
        }
        for (int i = world.random.nextInt(3); i > 0; i--) {
            user.pause(scenario.holdNanos());
            boolean held = locks.isHeld();
            tenancies.forEach(tenancy -> tenancy.asked(held));
        }
        boolean held = locks.isHeld();
        tenancies.forEach(tenancy -> tenancy.asked(held));
        tenancies.forEach(Tenancy::over);
        commit(locks, pages);
    }

    private void commit(LockGroup locks, long[] pages) {
        if (world.random.nextInt(4) == 0) {
            user.call("unlock-all", _ -> locks.close());
            return;
        }
        user.call("commit-all " + java.util.Arrays.toString(pages), draft -> {
            for (long page : pages) {
                draft.sees(page, locks.version(page), locks.buffer(page).getLong(0));
                long fresh = user.member.freshWord();
                draft.wouldMake(page, fresh);
                locks.buffer(page).putLong(0, fresh).putLong(Words.LAST, fresh);
            }
            try {
                locks.commit()
                        .forEach((page, version) ->
                                draft.made(page, version, locks.buffer(page).getLong(0)));
            } catch (NetMemException e) {
                locks.close();
                throw e;
            }
        });
    }
}
