package netmem.api;

/** What is known of the effect of a call that failed. */
public enum Outcome {
    /** The call changed nothing on the server, and nothing of it will happen later. It may be repeated. */
    NO_EFFECT,
    /** The call may or may not have happened: read the page (its version tells) before repeating it. */
    UNKNOWN
}
