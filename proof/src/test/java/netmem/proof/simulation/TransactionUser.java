package netmem.proof.simulation;

import java.util.List;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.client.TransactionBuilder;

/** What a user does in transactions. Confined to its world. */
final class TransactionUser {
    private final User user;
    private final World world;
    private final Scenario scenario;

    TransactionUser(User user) {
        this.user = user;
        this.world = user.world;
        this.scenario = user.scenario;
    }

    void step() {
        if (world.random.nextBoolean()) {
            transact();
        } else {
            builder();
        }
    }

    private long[] pages() {
        return world.random
                .longs(0, scenario.pages)
                .distinct()
                .limit(1 + world.random.nextInt(Math.min(3, scenario.pages)))
                .toArray();
    }

    /** Reads some pages and writes some of them. */
    private void transact() {
        long[] pages = pages();
        int writes = world.random.nextInt(pages.length + 1);
        user.call("transact " + java.util.Arrays.toString(pages) + " writes " + writes, draft -> {
            transact(draft, pages, writes);
            draft.madeOfWhatWasSeen();
        });
    }

    private void transact(Draft draft, long[] pages, int writes) {
        user.mem.transact(body -> {
            draft.again();
            for (long page : pages) {
                draft.sees(body.read(page));
                if (world.random.nextInt(8) == 0) {
                    user.pause(scenario.thinkNanos());
                }
            }
            for (int i = 0; i < writes; i++) {
                long word = user.member.freshWord();
                draft.wouldMake(pages[i], word);
                body.buffer(pages[i]).putLong(0, word).putLong(Words.LAST, word);
            }
            return 0;
        });
    }

    /** One frame: a compare of what was read before, reads, writes, an atomic. */
    private void builder() {
        long[] pages = pages();
        Versioned[] base = new Versioned[1];
        int compare = world.random.nextInt(3);
        if (compare > 0
                && !user.call("read " + pages[0], draft -> {
                    base[0] = user.mem.read(pages[0]);
                    draft.sees(base[0]);
                })) {
            return;
        }
        user.call("transaction " + java.util.Arrays.toString(pages) + " compares " + compare, draft -> {
            TransactionBuilder builder = user.mem.transaction();
            if (compare == 1) {
                builder.ifUnchanged(base[0]);
            } else if (compare == 2) {
                builder.ifBytes(pages[0], 0, Words.of(Words.first(base[0].bytes())));
            }
            boolean swap = world.random.nextBoolean();
            for (long page : pages) {
                builder.read(page, 0, Words.PAGE_BYTES);
            }
            for (long page : pages) {
                long word = user.member.freshWord();
                draft.wouldMake(page, word);
                if (swap) {
                    builder.atomic(page, 0, WordFunction.SWAP, word);
                } else {
                    builder.write(page, 0, Words.page(word));
                }
            }
            ended(draft, builder.run(), compare, base[0]);
        });
    }

    private void ended(Draft draft, TransactionResult result, int compare, Versioned base) {
        switch (result) {
            case TransactionResult.Committed committed -> {
                committed.results().ifPresent(results -> {
                    results.reads().forEach(draft::sees);
                    long now = Words.first(results.reads().getFirst().bytes());
                    if (compare > 0 && now != Words.first(base.bytes())) {
                        world.violation("transaction: committed, but its compare does not hold: page " + base.page());
                    }
                });
                draft.versions(committed.versions());
            }
            case TransactionResult.Refused refused -> {
                draft.madeNothing();
                List<TransactionResult.Compare> failed = refused.failed();
                failed.forEach(one -> one.current().ifPresent(draft::sees));
            }
        }
    }
}
