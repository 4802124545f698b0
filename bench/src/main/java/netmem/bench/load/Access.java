package netmem.bench.load;

import java.nio.file.Path;
import netmem.client.NetMem;
import netmem.client.NetMemBuilder;
import org.jspecify.annotations.Nullable;

/**
 * How a client gets in. Pure value.
 *
 * @param authFile its first line is the credential, as with the server's option --auth-file; null for a server that wants none
 */
public record Access(@Nullable Path authFile) {
    /** To a server that wants no credential. */
    public static final Access FREE = new Access(null);

    /** Begins a client of a server. */
    public NetMemBuilder builder(String uri) {
        NetMemBuilder builder = NetMem.builder(uri);
        return authFile == null ? builder : builder.authFile(authFile);
    }
}
