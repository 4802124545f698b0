package netmem.proof.history;

/** What a client knows of the end of one of its operations. A value. */
public enum Fate {
    /** It happened, once, between its begin and its end. */
    DONE,
    /** It did not happen and never will. */
    NO_EFFECT,
    /** It may have happened at any instant after its begin, once, or not at all. */
    UNKNOWN
}
