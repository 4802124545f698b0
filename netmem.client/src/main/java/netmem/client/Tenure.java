package netmem.client;

/** Where a lock stands that was granted once. */
enum Tenure {
    HELD,
    /** Committed, closed, or the commit's outcome is not known: the client sees to the rest. */
    OVER,
    LOST
}
