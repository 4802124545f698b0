package netmem.proof.simulation;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;
import netmem.api.NetMemException;
import netmem.client.NetMem;

/** A fresh client that comes when all is healed: no lock may be in its way, and everything must work. Confined to its world. */
final class Newcomer {
    /** Long enough for leases of clients that died, and their timers. */
    private static final int WAIT_MILLIS = 1_500;

    private final Scenario scenario;
    private final World world;
    private boolean done;

    Newcomer(Scenario scenario) {
        this.scenario = scenario;
        this.world = scenario.world;
    }

    void run() {
        Member member = new Member(scenario, scenario.members().size() + 1);
        world.task(member.process, "newcomer", () -> {
                    try (NetMem mem = NetMem.builder("netmem://127.0.0.1:7070")
                            .name("newcomer")
                            .deadline(Duration.ofMillis(WAIT_MILLIS))
                            .connect()) {
                        member.connected();
                        useAll(member, mem);
                        new Manners(scenario, member, mem).check();
                    } catch (NetMemException e) {
                        world.violation("newcomer: " + e);
                    }
                    done = true;
                })
                .start();
        for (int i = 0; i < 100 && !done; i++) {
            world.runUntil(world.now() + 100 * Scenario.MILLI);
        }
        if (!done) {
            world.violation("newcomer: without an end");
        }
        // Watchers are told of what it did.
        world.runUntil(world.now() + 100 * Scenario.MILLI);
    }

    private void useAll(Member member, NetMem mem) {
        User user = new User(member, mem);
        long[] all = LongStream.range(0, scenario.pages).toArray();
        for (long page : all) {
            expect("read", user.call("read " + page, draft -> draft.sees(mem.read(page))));
            long word = member.freshWord();
            expect("write", user.call("write " + page + " " + Words.text(word), draft -> {
                draft.wouldMake(page, word);
                draft.made(page, mem.write(page, 0, Words.page(word)), word);
            }));
        }
        expect(
                "lock-all",
                user.call(
                        "lock-all " + Arrays.toString(all),
                        _ -> mem.lockAll(all).close()));
        expect("transact", user.call("transact " + Arrays.toString(all), draft -> {
            mem.transact(body -> {
                draft.again();
                for (long page : all) {
                    draft.sees(body.read(page));
                    long word = member.freshWord();
                    draft.wouldMake(page, word);
                    body.buffer(page).putLong(0, word).putLong(Words.LAST, word);
                }
                return 0;
            });
            draft.madeOfWhatWasSeen();
        }));
    }

    private void expect(String what, boolean done) {
        if (!done) {
            world.violation("newcomer: " + what + " failed, although nothing is wrong any more");
        }
    }
}
