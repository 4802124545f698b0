package netmem.api;

/** What is known of the effect of a call that failed. */
public enum Outcome {
    /** The call changed nothing on the server, and nothing of it will happen later. It may be repeated. */
    NO_EFFECT,
    /** The call has happened, once. No failure says this: it is what an unknown outcome may {@linkplain NetMemException#settled turn out} to be. */
    APPLIED,
    /** The call may or may not have happened: read the page (its version tells) before repeating it. */
    UNKNOWN
}
