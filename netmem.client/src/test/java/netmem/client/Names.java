package netmem.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.security.Security;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What host names mean in these tests: what a test has said, or what the system knows. Shared; one for the JVM. */
public final class Names extends InetAddressResolverProvider {
    private static final Map<String, Meaning> MEANINGS = new ConcurrentHashMap<>();

    /** What looking a name up gives. */
    @FunctionalInterface
    interface Meaning {
        InetAddress address() throws UnknownHostException;
    }

    /** Made by the JVM. */
    public Names() {}

    static void mean(String host, Meaning meaning) {
        MEANINGS.put(host, meaning);
    }

    static UnknownHostException unknown(String host) {
        return new UnknownHostException(host + ": Name or service not known");
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        // Read when the first name is looked up, which is after this.
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        InetAddressResolver system = configuration.builtinResolver();
        return new InetAddressResolver() {
            @Override
            public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
                Meaning meaning = MEANINGS.get(host);
                return meaning == null ? system.lookupByName(host, policy) : Stream.of(meaning.address());
            }

            @Override
            public String lookupByAddress(byte[] address) throws UnknownHostException {
                return system.lookupByAddress(address);
            }
        };
    }

    @Override
    public String name() {
        return "names of tests";
    }
}
