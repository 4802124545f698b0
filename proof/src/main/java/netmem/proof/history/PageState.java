package netmem.proof.history;

import org.jspecify.annotations.Nullable;

/** One version of one page: what is known of it. Confined to one check. */
final class PageState {
    final long page;
    final long version;

    /** Who showed the value; null when nobody did. */
    @Nullable
    Access shownBy;

    /** Who made it: an operation that is done, or one of unknown fate whose value it has; null when not known. */
    @Nullable
    Access maker;

    /** The node of {@link TransactionChecker}'s graph for the instant at which it came. */
    int came;

    /** The node for the instant at which it was over. */
    int over;

    PageState(long page, long version) {
        this.page = page;
        this.version = version;
    }

    /** Its value, or {@link Operation#NO_VALUE}. A page's first state is all zeros. */
    long value() {
        if (shownBy != null) {
            return shownBy.value();
        }
        return version == 1 ? 0 : Operation.NO_VALUE;
    }

    @Override
    public String toString() {
        return "page " + page + " v" + version;
    }
}
