package netmem.proof.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold once all faults are healed and all users have stopped. Confined to its world. */
final class Ending {
    private final Scenario scenario;
    private final World world;

    Ending(Scenario scenario) {
        this.scenario = scenario;
        this.world = scenario.world;
    }

    void run() {
        awaitUsers();
        pass(scenario.leaseMillis);
        new Newcomer(scenario).run();
        scenario.members().forEach(member -> member.watches().forEach(Watching::checkNewest));
        scenario.members().forEach(Member::close);
        pass(2 * scenario.leaseMillis + 1_500);
        checkNothingLeft();
        checkHistory();
    }

    private void pass(long millis) {
        world.runUntil(world.now() + millis * Scenario.MILLI);
    }

    private void awaitUsers() {
        for (int i = 0; i < 60 && !scenario.members().stream().allMatch(Member::isDone); i++) {
            pass(500);
        }
        for (Member member : scenario.members()) {
            if (!member.isDone()) {
                world.violation("without an end: " + member.unfinished());
            }
        }
    }

    private void checkNothingLeft() {
        Map<String, Long> counters = scenario.server().counters();
        for (String name : List.of("sessions", "locks-held", "waiters", "waiting-bytes", "watches", "changes-unsent")) {
            if (counters.getOrDefault(name, -1L) != 0) {
                world.violation("left over: " + name + ": " + counters.get(name));
            }
        }
    }

    private void checkHistory() {
        scenario.truth.initial().forEach(scenario.history::add);
        long id = 0;
        for (Draft draft : scenario.drafts()) {
            draft.check(world);
            scenario.history.add(draft.operation(++id));
        }
        scenario.tenancies().stream()
                .filter(Tenancy::isBelieved)
                .forEach(tenancy -> scenario.history.add(tenancy.grant()));
        scenario.history.violations(finalVersions()).forEach(world::violation);
    }

    private Map<Long, Long> finalVersions() {
        Map<Long, Long> versions = new HashMap<>();
        for (long page = 0; page < scenario.pages; page++) {
            Truth.State newest = scenario.truth.newest(page);
            versions.put(newest.historyPage(), newest.version());
        }
        return versions;
    }
}
