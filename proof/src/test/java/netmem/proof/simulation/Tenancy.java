package netmem.proof.simulation;

import netmem.proof.history.Grant;

/** How long a user believed to hold a lock, for the history. Confined to its world. */
final class Tenancy {
    private final User user;
    private final long page;
    private final long word;
    private final long token;
    private final boolean shared;
    private final long grantedNanos;
    private long untilNanos = -1;
    private long askedNanos;
    private boolean believed;
    private boolean refused;

    /** Begins now. The word is one that the page had, and tells which memory it is of. */
    Tenancy(User user, long page, long word, long token, boolean shared) {
        this.user = user;
        this.page = page;
        this.word = word;
        this.token = token;
        this.shared = shared;
        this.grantedNanos = user.world.now();
        this.askedNanos = grantedNanos;
        user.scenario.add(this);
    }

    /** The client was asked whether the lock is held. */
    void asked(boolean held) {
        if (held && untilNanos < 0) {
            askedNanos = user.world.now();
            believed = true;
            if (refused) {
                user.world.violation("lock of page " + page + ", token " + token + ": held, after it was refused");
            }
        } else if (!held) {
            end();
        }
    }

    /** The client says that it was lost. */
    void lost() {
        user.scenario.count("lock lost");
        end();
    }

    /** The user gives it back. */
    void over() {
        end();
    }

    /** The server has refused its token. */
    void refused() {
        refused = true;
    }

    private void end() {
        if (untilNanos < 0) {
            untilNanos = Math.max(askedNanos, user.member.process.instantNanos());
        }
    }

    /** Whether it was ever believed to be held: where the grant came late, it was not. */
    boolean isBelieved() {
        return believed;
    }

    Grant grant() {
        Truth.State state = user.scenario.truth.of(word);
        long incarnation = state == null ? 0 : state.incarnation();
        return new Grant(
                user.member.number,
                incarnation * Truth.PAGES_APART + page,
                shared ? Grant.Mode.SHARED : Grant.Mode.EXCLUSIVE,
                token,
                grantedNanos,
                untilNanos < 0 ? askedNanos : Math.max(grantedNanos, untilNanos));
    }
}
