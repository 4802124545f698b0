import org.jspecify.annotations.NullMarked;

/** What users of NetMem program against: values, statuses, exceptions and the client's interfaces. */
@NullMarked
@SuppressWarnings("module") // the two modules named in the qualified export are compiled after this one
module netmem.api {
    requires static org.jspecify;

    exports netmem.api;
    exports netmem.api.wire to
            netmem.client,
            netmem.server;
}
