package netmem.server;

/** The release of this server, as it reports itself. Pure. */
final class ServerVersion {
    static final String TEXT = "1.0.0-SNAPSHOT";

    private ServerVersion() {}
}
