import org.jspecify.annotations.NullMarked;

/** Programs that a user of NetMem would write. */
@NullMarked
module netmem.samples {
    requires netmem.client;
    requires io.jenetics.base;
    requires static org.jspecify;
}
