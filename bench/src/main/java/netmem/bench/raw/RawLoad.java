package netmem.bench.raw;

/**
 * A closed loop of requests. Pure value.
 *
 * @param connections how many of them send
 * @param inFlight requests without a reply on each of them
 * @param pages how many pages there are
 * @param anyPage each request takes a page by chance; otherwise every request in flight has its own, always the same
 */
public record RawLoad(Work work, int connections, int inFlight, int pages, int pageLengthBytes, boolean anyPage) {
    /** Checks that pages suffice. */
    public RawLoad {
        if (!anyPage && (long) connections * inFlight > pages) {
            throw new IllegalArgumentException("pages: " + pages + " (expected: >= " + (long) connections * inFlight
                    + ", one a request in flight)");
        }
    }

    /** Every request in flight has a page of its own. */
    public static RawLoad ownPages(Work work, int connections, int inFlight, int pages, int pageLengthBytes) {
        return new RawLoad(work, connections, inFlight, pages, pageLengthBytes, false);
    }

    /** The same with other work. */
    public RawLoad with(Work other) {
        return new RawLoad(other, connections, inFlight, pages, pageLengthBytes, anyPage);
    }
}
