package netmem.client;

import java.util.Locale;

/**
 * A server's address, {@code netmem://host:port}. Read here and not by java.net.URI, which gives no host where its name
 * has an underscore, as names of containers do. Pure value.
 *
 * @param host name or literal address, without brackets
 * @param port 1 to 65535
 */
record Address(String host, int port) {
    static final String SCHEME = "netmem";
    static final int PORT_DEFAULT = 7070;
    private static final int PORT_MAX = 65_535;
    private static final String AFTER_SCHEME = "://";

    /** What ends a host and port in a URI. */
    private static final String ENDS = "/?#";

    static Address parse(String text) {
        int colon = text.indexOf(':');
        boolean schemed = colon > 0 && ENDS.chars().noneMatch(c -> text.lastIndexOf(c, colon) >= 0);
        String scheme = schemed ? text.substring(0, colon) : "missing";
        String shown = shown(text);
        require(SCHEME.equals(scheme.toLowerCase(Locale.ROOT)), shown, "scheme", shown(scheme), SCHEME);
        require(text.startsWith(AFTER_SCHEME, colon), shown, "host and port", "missing", "host:port");
        String rest = text.substring(colon + AFTER_SCHEME.length());
        require(rest.indexOf('@') < 0, shown, "user and password", "present", "none");
        int end = end(rest);
        requireNone(rest, end, '/', shown, "path");
        requireNone(rest, end, '?', shown, "query");
        requireNone(rest, end, '#', shown, "fragment");
        return hostAndPort(rest, shown);
    }

    private static Address hostAndPort(String rest, String shown) {
        int bracket = rest.startsWith("[") ? rest.indexOf(']') : -1;
        int colon = bracket < 0 ? rest.indexOf(':') : rest.indexOf(':', bracket);
        String host = colon < 0 ? rest : rest.substring(0, colon);
        String bare = bracket < 0 ? host : host.substring(1, host.length() - 1);
        boolean good = bracket < 0
                ? isName(bare)
                : bracket == host.length() - 1
                        && bare.indexOf(':') >= 0
                        && bare.chars().allMatch(Address::isOfLiteral);
        require(
                good,
                shown,
                "host",
                host.isEmpty() ? "missing" : host,
                "letters, digits, '-', '_' and '.', or an IPv6 address in brackets");
        if (colon < 0) {
            return new Address(bare, PORT_DEFAULT);
        }
        String digits = rest.substring(colon + 1);
        boolean number =
                !digits.isEmpty() && digits.length() <= 9 && digits.chars().allMatch(Address::isDigit);
        int port = number ? Integer.parseInt(digits) : 0;
        require(
                port >= 1 && port <= PORT_MAX,
                shown,
                "port",
                digits.isEmpty() ? "missing" : digits,
                "1 to " + PORT_MAX);
        return new Address(bare, port);
    }

    private static boolean isName(String host) {
        return !host.isEmpty() && host.chars().allMatch(c -> isLetter(c) || isDigit(c) || "-_.".indexOf(c) >= 0);
    }

    /** Also what names an interface, after the percent sign. */
    private static boolean isOfLiteral(int c) {
        return isLetter(c) || isDigit(c) || ":.%-_".indexOf(c) >= 0;
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** Where the host and port end. */
    private static int end(String rest) {
        int end = 0;
        while (end < rest.length() && ENDS.indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static void requireNone(String rest, int end, char start, String shown, String part) {
        boolean present = end < rest.length() && rest.charAt(end) == start;
        require(!present, shown, part, "present", "none");
    }

    /**
     * What messages repeat of an address: it may hold a user and password, or a credential as a query, which must not
     * get into a log. So nothing of it is shown where there is an '@', and nothing after the host and port.
     */
    private static String shown(String text) {
        int slashes = text.indexOf(AFTER_SCHEME);
        int begin = slashes < 0 ? 0 : slashes + AFTER_SCHEME.length();
        int end = begin + end(text.substring(begin));
        if (text.indexOf('@') >= 0) {
            return "(not repeated: it has an '@')";
        }
        return end == text.length() ? text : text.substring(0, end) + "...";
    }

    private static void require(boolean good, String shown, String part, String actual, String expected) {
        if (!good) {
            throw new IllegalArgumentException("uri: " + shown + ": " + part + ": " + actual + " (expected: " + expected
                    + "); write netmem://host:port, the port is 7070 when left out");
        }
    }

    @Override
    public String toString() {
        return SCHEME + AFTER_SCHEME + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
