import org.jspecify.annotations.NullMarked;

/** The NetMem client: connect, sessions, cache. Requires java.base and netmem.api, nothing else. */
@NullMarked
module netmem.client {
    requires transitive netmem.api;
    requires static org.jspecify;

    exports netmem.client;
}
