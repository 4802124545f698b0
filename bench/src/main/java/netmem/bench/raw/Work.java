package netmem.bench.raw;

/** What a request asks for. Pure value. */
public enum Work {
    /** A read that names the version it holds and gets no bytes; elsewhere a get of 8 bytes, which is the nearest. */
    VALIDATED_READ("validated read"),
    /** All bytes of a page. */
    PAGE_READ("page read"),
    /** New bytes for a whole page, whatever its version. */
    PAGE_UPDATE("page update"),
    /** New bytes for a whole page if its version is still the one named. */
    COMPARE_UPDATE("compare update");

    private final String title;

    Work(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }
}
