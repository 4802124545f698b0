package netmem.bench.load;

/** Where servers and callers run while a load is measured. Pure. */
public enum Placement {
    /** Wherever the system puts them. */
    ANYWHERE(""),
    /** Wherever the system puts them, on processors that are kept from sleeping. */
    AWAKE("kept awake"),
    /**
     * All on one processor. One caller and its server never run at the same time, so nothing is lost, and what a call takes
     * is what it costs: no processor is woken up by another.
     */
    ONE("one"),
    /** The callers on one, the servers on another, both kept from sleeping: each request and each reply wakes the other up. */
    TWO("two, kept awake");

    private final String words;

    Placement(String words) {
        this.words = words;
    }

    /** What results say of it; empty where there is nothing to say. */
    public String words() {
        return words;
    }
}
