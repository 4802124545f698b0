package netmem.client;

/** Options of a client. Confined to one thread. */
public final class NetMemBuilder {
    private final String uri;

    NetMemBuilder(String uri) {
        this.uri = uri;
    }

    /**
     * Connects.
     *
     * @return a client whose session is open
     */
    @SuppressWarnings("DoNotCallSuggester")
    public NetMem connect() {
        throw new UnsupportedOperationException(uri);
    }
}
