package netmem.proof.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import netmem.api.NetMemException;
import netmem.client.Locks;
import netmem.client.NetMem;
import netmem.client.PageLock;

/**
 * Who waits for a lock gets it, in order of arrival, and who waits in a circle is told: asked once all is healed, since faults
 * excuse much. Confined to its world.
 */
final class Manners {
    private static final long STEP_NANOS = 30 * Scenario.MILLI;
    private static final Duration WAIT = Duration.ofMillis(1_200);

    private final Scenario scenario;
    private final World world;
    private final Member member;
    private final NetMem mem;
    private final List<String> told = new ArrayList<>();
    private int open;

    Manners(Scenario scenario, Member member, NetMem mem) {
        this.scenario = scenario;
        this.world = member.process.world;
        this.member = member;
        this.mem = mem;
    }

    void check() {
        line();
        circle();
        circleByGrant(world.random.nextBoolean());
        givenUp();
        dead();
        new Stranger(scenario).check();
    }

    private void pause() {
        world.current().await(STEP_NANOS);
    }

    private void expect(String what, String... expected) {
        for (int i = 0; i < 20 && open > 0; i++) {
            pause();
        }
        if (open > 0 || !told.equals(Arrays.asList(expected))) {
            world.violation("manners: " + what + ": " + told + (open > 0 ? ", and still waiting: " + open : "")
                    + " (expected: " + Arrays.toString(expected) + ")");
        }
        told.clear();
    }

    /** Takes a lock in a task of its own, tells of it, and gives it back after a while. */
    private Task wants(String name, Locks owner, long page, boolean shared) {
        return wants(name, owner, page, shared, WAIT);
    }

    private Task wants(String name, Locks owner, long page, boolean shared, Duration wait) {
        open++;
        Task task = world.task(member.process, name, () -> {
            try {
                PageLock lock = (shared ? owner.tryLockShared(page, wait) : owner.tryLock(page, wait)).orElse(null);
                told.add(name + (lock == null ? " in vain" : " has"));
                if (lock != null) {
                    pause();
                    told.add(name + " gives");
                    lock.close();
                }
            } catch (NetMemException e) {
                told.add(name + " " + e.status());
            } finally {
                open--;
            }
        });
        task.start();
        world.current().await(STEP_NANOS / 10);
        return task;
    }

    /** Shared ones do not pass an exclusive one that waits; consecutive shared ones go together. */
    private void line() {
        PageLock held = mem.lockShared(0);
        wants("X", mem, 0, false);
        wants("S", mem, 0, true);
        wants("S", mem, 0, true);
        wants("Y", mem, 0, false);
        held.close();
        expect("line of a page", "X has", "X gives", "S has", "S has", "S gives", "S gives", "Y has", "Y gives");
    }

    /** The one who closes the circle is told at once; the others go on. */
    private void circle() {
        Locks one = mem.owner();
        Locks other = mem.owner();
        PageLock first = one.lock(0);
        PageLock second = other.lock(1);
        wants("older", one, 1, false);
        wants("younger", other, 0, false);
        pause();
        second.close();
        expect("circle of two owners", "younger DEADLOCK", "older has", "older gives");
        first.close();
    }

    /** A grant closes a circle: the youngest of those who wait in it is told, whether its owner was granted something or not. */
    private void circleByGrant(boolean ofGrantee) {
        Locks one = mem.owner();
        Locks other = mem.owner();
        PageLock first = one.lock(0);
        PageLock inTheWay = mem.lock(1);
        wants("grantee", other, 1, false);
        wants("second", ofGrantee ? one : other, ofGrantee ? 1 : 0, false);
        wants("third", ofGrantee ? other : one, ofGrantee ? 0 : 1, false);
        inTheWay.close();
        world.current().await(STEP_NANOS / 2);
        first.close();
        while (open > 0 && !told.contains("second in vain")) {
            pause();
        }
        told.sort(null);
        expect("circle by a grant", "grantee gives", "grantee has", "second gives", "second has", "third DEADLOCK");
    }

    /** Who gave up is not in the way of others. */
    private void givenUp() {
        PageLock held = mem.lock(0);
        wants("impatient", mem, 0, false, Duration.ofMillis(10));
        pause();
        if (open > 0) {
            world.violation("manners: a wait of 10 ms has not ended after " + STEP_NANOS / Scenario.MILLI + " ms more");
        }
        expect("caller who does not wait long", "impatient in vain");
        Task gone = wants("gone", mem, 0, false);
        wants("next", mem, 0, false);
        gone.interrupt();
        pause();
        held.close();
        expect("caller who gave up", "gone CANCELLED", "next has", "next gives");
    }

    /** Whoever died in line is passed, even where the server's timer has not told of its end yet. */
    private void dead() {
        PageLock held = mem.lock(0);
        Process mortal = new Process(world, 0, "mortal", 0);
        world.task(mortal, "dies in line", () -> {
                    try (NetMem other = NetMem.builder("netmem://127.0.0.1:7070")
                            .name("mortal")
                            .connect()) {
                        told.add("dead has " + other.lock(0));
                    }
                })
                .start();
        pause();
        wants("next", mem, 0, false);
        mortal.crash(true);
        scenario.server().timerStands(true);
        world.current().await(2 * scenario.leaseMillis * Scenario.MILLI);
        held.close();
        expect("line behind the dead", "next has", "next gives");
        scenario.server().timerStands(false);
    }
}
