package netmem.bench.cliff;

import java.util.Locale;

/**
 * What may hold up others. How often a second each is done is chosen so that it happens often enough to be seen in a
 * 99th percentile, and that two processors can do it beside what is measured. Pure.
 */
public enum Cliff {
    /** The control: what it costs others that the machine is busy, with requests that hold up nobody. */
    READS("20 000 reads a second (control)", 1000),
    /** See {@link Crowds#awaiters}. */
    AWAIT_NEWER("5 000 awaitNewer of one page", 5),
    /** See {@link Crowds#watchers}. */
    WATCHERS("1 000 sessions watch one page", 5),
    /** See {@link Crowds#manyWatches}. */
    WATCHES("10 000 watches over the pages written", 50),
    /** See {@link Requests#changes}; here those who are measured have the watches. */
    OWN_WATCHES("1 000 watches of the same client", 1000),
    /** See {@link Crowds#line}. */
    LINE("a line of 5 000 on one lock", 1000),
    /** See {@link Crowds#jointLocks}. */
    JOINT_LOCKS("31 lockAll by one owner", 20),
    /** See {@link Requests#lockAll}. */
    LOCK_ALL("lockAll of 128 pages", 200),
    /** See {@link Requests#compares}. */
    COMPARES("transactions of 128 compares", 500),
    /** See {@link Requests#atomics}. */
    ATOMICS("transactions of 256 atomics", 500),
    /** See {@link Requests#snapshots}. */
    SNAPSHOTS("snapshots of 500 pages beside writers", 100),
    /** See {@link Requests#stats}. */
    STATS("stats", 500);

    /** The pages below it are for those who are measured. */
    public static final int FIRST_PAGE = 64;

    /** How many pages a server needs for each of them. */
    public static final int PAGES = 2048;

    private final String words;
    private final int perSecond;

    Cliff(String words, int perSecond) {
        this.words = words;
        this.perSecond = perSecond;
    }

    /** What it is, for people. */
    public String words() {
        return words;
    }

    /** Steps a second. */
    public int perSecond() {
        return perSecond;
    }

    /** How many watches of the page that is changed those have who are measured. */
    public int watchesOfTheMeasured() {
        return this == OWN_WATCHES ? 1000 : 0;
    }

    BusyLoad open(Crowd crowd) {
        return switch (this) {
            case READS -> Requests.reads(crowd);
            case AWAIT_NEWER -> Crowds.awaiters(crowd);
            case WATCHERS -> Crowds.watchers(crowd);
            case WATCHES -> Crowds.manyWatches(crowd);
            case OWN_WATCHES -> Requests.changes(crowd);
            case LINE -> Crowds.line(crowd);
            case JOINT_LOCKS -> Crowds.jointLocks(crowd);
            case LOCK_ALL -> Requests.lockAll(crowd);
            case COMPARES -> Requests.compares(crowd);
            case ATOMICS -> Requests.atomics(crowd);
            case SNAPSHOTS -> Requests.snapshots(crowd);
            case STATS -> Requests.stats(crowd);
        };
    }

    /** The name on a command line: {@code await-newer}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
