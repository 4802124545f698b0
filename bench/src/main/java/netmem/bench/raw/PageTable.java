package netmem.bench.raw;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The version of each page as the generator knows it, and which page is next. Confined to the generator's thread. */
final class PageTable {
    private static final long SEED = 4;

    private final int[] versions;
    private final boolean anyPage;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private int firstFree;

    PageTable(int pages, boolean anyPage, int version) {
        this.versions = new int[pages];
        this.anyPage = anyPage;
        Arrays.fill(versions, version);
    }

    boolean anyPage() {
        return anyPage;
    }

    /** The page for a request that has had none so far. */
    int firstPage() {
        return anyPage ? nextPage() : firstFree++;
    }

    /** A page by chance. */
    int nextPage() {
        return random.nextInt(versions.length);
    }

    int version(int page) {
        return versions[page];
    }

    /** Replies of several connections may overtake each other; versions only grow. */
    void learn(int page, long version) {
        versions[page] = Math.max(versions[page], Math.toIntExact(version));
    }
}
