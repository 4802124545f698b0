package netmem.proof.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks the locks of each page: no two are believed held at once unless both are shared, tokens grow from grant to grant,
 * and nothing that carries a token lands after a greater one was given out. Pure.
 */
public final class LockChecker {
    private final long page;
    private final Violations violations;
    private final List<Grant> grants = new ArrayList<>();
    private final List<Access> carried = new ArrayList<>();

    private LockChecker(long page, Violations violations) {
        this.page = page;
        this.violations = violations;
    }

    /**
     * Checks all pages.
     *
     * @param history with the grants, and the operations that carried their tokens
     * @return what was wrong; empty when nothing was
     */
    public static List<String> check(History history) {
        Violations violations = new Violations("lock");
        Map<Long, LockChecker> pages = new TreeMap<>();
        for (Grant grant : history.grants()) {
            pages.computeIfAbsent(grant.page(), page -> new LockChecker(page, violations))
                    .grants
                    .add(grant);
        }
        for (Operation operation : history.operations()) {
            if (operation.token() == 0 || operation.fate() != Fate.DONE) {
                continue;
            }
            for (Seen seen : operation.seen()) {
                pages.computeIfAbsent(seen.page(), page -> new LockChecker(page, violations))
                        .carried
                        .add(new Access(operation, seen.version(), seen.value(), false));
            }
            for (Made made : operation.made()) {
                pages.computeIfAbsent(made.page(), page -> new LockChecker(page, violations))
                        .carried
                        .add(new Access(operation, made.version(), made.value(), true));
            }
        }
        for (LockChecker checker : pages.values()) {
            checker.grants.sort(Comparator.comparingLong(Grant::grantedNanos));
            checker.checkExclusion();
            checker.checkTokens();
            checker.checkFencesByVersion();
            checker.checkFencesByTime();
        }
        return violations.texts();
    }

    /** In order of the grants: an exclusive one begins after all before it ended, a shared one after all exclusive ones. */
    private void checkExclusion() {
        Grant exclusive = null;
        Grant shared = null;
        for (Grant grant : grants) {
            if (exclusive != null && exclusive.heldUntilNanos() > grant.grantedNanos()) {
                violations.add("held while held exclusively, page " + page, exclusive, grant);
            }
            if (isExclusive(grant) && shared != null && shared.heldUntilNanos() > grant.grantedNanos()) {
                violations.add("held exclusively while held shared, page " + page, shared, grant);
            }
            if (isExclusive(grant)) {
                exclusive = later(exclusive, grant);
            } else {
                shared = later(shared, grant);
            }
        }
    }

    private static boolean isExclusive(Grant grant) {
        return grant.mode() == Grant.Mode.EXCLUSIVE;
    }

    private static Grant later(@Nullable Grant one, Grant other) {
        return one == null || one.heldUntilNanos() < other.heldUntilNanos() ? other : one;
    }

    /**
     * Shared grants that stand beside each other may reach their clients in any order; all others reach them in the order
     * in which they were made.
     */
    private void checkTokens() {
        Grant newestExclusive = null;
        Grant newest = null;
        for (Grant grant : grants) {
            Grant before = isExclusive(grant) ? newest : newestExclusive;
            if (before != null && Long.compareUnsigned(before.token(), grant.token()) >= 0) {
                violations.add("token does not grow, page " + page, before, grant);
            }
            newest = greater(newest, grant);
            if (isExclusive(grant)) {
                newestExclusive = greater(newestExclusive, grant);
            }
        }
    }

    private static Grant greater(@Nullable Grant one, Grant other) {
        return one == null || Long.compareUnsigned(one.token(), other.token()) < 0 ? other : one;
    }

    /** In order of versions: a change under a token comes before all that was seen or changed under greater ones. */
    private void checkFencesByVersion() {
        carried.sort(Access.BY_VERSION);
        Access greatest = null;
        for (Access access : carried) {
            long token = access.operation().token();
            if (greatest != null
                    && access.made()
                    && Long.compareUnsigned(token, greatest.operation().token()) < 0) {
                violations.add(
                        "late write not fenced, page " + page,
                        access.operation(),
                        "although before it: " + greatest.operation());
            }
            if (greatest == null
                    || Long.compareUnsigned(token, greatest.operation().token()) > 0) {
                greatest = access;
            }
        }
    }

    /** In order of time: no change begins under a token after a client took a greater one. */
    private void checkFencesByTime() {
        long[] times = new long[grants.size()];
        Grant[] greatest = new Grant[grants.size()];
        for (int i = 0; i < times.length; i++) {
            times[i] = grants.get(i).grantedNanos();
            greatest[i] = i == 0 ? grants.get(i) : greater(greatest[i - 1], grants.get(i));
        }
        for (Access access : carried) {
            int before = LinearChecker.countBelow(times, access.operation().beginNanos());
            if (access.made()
                    && before > 0
                    && Long.compareUnsigned(access.operation().token(), greatest[before - 1].token()) < 0) {
                violations.add(
                        "write under a token that was over, page " + page, access.operation(), greatest[before - 1]);
            }
        }
    }
}
