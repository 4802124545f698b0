package netmem.server.options;

import java.util.Optional;

/**
 * A host and a port as people write them. Pure value.
 *
 * @param host name or address, an IPv6 address without its brackets
 * @param port any number; its range is checked where it is used
 */
record HostPort(String host, int port) {
    /** Reads {@code host:port} or {@code [address]:port}. */
    static Optional<HostPort> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        String port = text.substring(colon + 1);
        boolean digits = !port.isEmpty() && port.length() <= 9 && port.chars().allMatch(c -> c >= '0' && c <= '9');
        boolean user = host.indexOf('@') >= 0;
        if (user
                || bare.isBlank()
                || bare.contains(":") != bracketed
                || bare.contains("[")
                || bare.contains("]")
                || !digits) {
            return Optional.empty();
        }
        return Optional.of(new HostPort(bare, Integer.parseInt(port)));
    }
}
