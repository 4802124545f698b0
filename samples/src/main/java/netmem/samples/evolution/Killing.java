package netmem.samples.evolution;

import java.util.List;
import java.util.concurrent.TimeUnit;
import netmem.api.Versioned;

/** Kills the first island when all have shown tours, and tells when the others have gone on without it. Confined to one thread. */
final class Killing {
    private static final long DYING_SECONDS_MAX = 10;

    private final List<Process> islands;
    private List<Long> versionsAtDeath = List.of();
    private boolean survived;

    Killing(List<Process> islands) {
        this.islands = islands;
    }

    boolean isSurvived() {
        return survived;
    }

    /** Takes a look at the islands' pages. */
    void look(List<Versioned> pages) throws InterruptedException {
        if (versionsAtDeath.isEmpty()) {
            if (pages.stream().noneMatch(page -> TourPage.isEmpty(page.buffer()))) {
                islands.getFirst().destroyForcibly().waitFor(DYING_SECONDS_MAX, TimeUnit.SECONDS);
                versionsAtDeath = pages.stream().map(Versioned::version).toList();
                System.out.println("         killed island 1 (SIGKILL) in generation "
                        + TourPage.origin(pages.getFirst().buffer()).generation());
            }
        } else if (!survived) {
            survived = true;
            for (int island = 1; island < pages.size(); island++) {
                survived &= pages.get(island).version() > versionsAtDeath.get(island);
            }
            if (survived) {
                System.out.println("         the others have gone on without it");
            }
        }
    }
}
