package netmem.client;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A server's address, {@code netmem://host:port}. Pure value.
 *
 * @param host name or literal address, without brackets
 * @param port 1 to 65535
 */
record Address(String host, int port) {
    static final String SCHEME = "netmem";
    static final int PORT_DEFAULT = 7070;
    private static final int PORT_MAX = 65_535;

    static Address parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(violation(text, "address", e.getReason(), "a URI"), e);
        }
        require(text, "scheme", uri.getScheme(), SCHEME.equalsIgnoreCase(uri.getScheme()), SCHEME);
        require(text, "user", uri.getRawUserInfo(), uri.getRawUserInfo() == null, "none");
        require(
                text,
                "path",
                uri.getRawPath(),
                uri.getRawPath() == null || uri.getRawPath().isEmpty(),
                "none");
        require(text, "query", uri.getRawQuery(), uri.getRawQuery() == null, "none");
        require(text, "fragment", uri.getRawFragment(), uri.getRawFragment() == null, "none");
        String host = uri.getHost();
        if (host == null) {
            String authority = uri.getRawAuthority();
            throw new IllegalArgumentException(violation(text, "host and port", authority, "host:port"));
        }
        int port = uri.getPort() == -1 ? PORT_DEFAULT : uri.getPort();
        require(text, "port", Integer.toString(port), port >= 1 && port <= PORT_MAX, "1 to " + PORT_MAX);
        return new Address(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    private static void require(String text, String part, @Nullable String actual, boolean good, String expected) {
        if (!good) {
            throw new IllegalArgumentException(violation(text, part, actual, expected));
        }
    }

    private static String violation(String text, String part, @Nullable String actual, String expected) {
        return "uri: " + text + ": " + part + ": " + (actual == null ? "missing" : actual) + " (expected: " + expected
                + "); write netmem://host:port, the port is 7070 when left out";
    }

    @Override
    public String toString() {
        return SCHEME + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
