package netmem.proof.history;

/** One entry of a history. A value. All times are nanoseconds of one clock. */
public sealed interface Entry permits Operation, Grant, Watched, Unwatched, Notified, Complaint {
    /**
     * Returns who wrote the entry.
     *
     * @return number of the client
     */
    int client();
}
