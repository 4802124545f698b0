package netmem.client;

/** The release of this client, as it reports itself in the greeting. Pure. */
final class ClientVersion {
    static final String TEXT = "1.0.0-SNAPSHOT";

    private ClientVersion() {}
}
