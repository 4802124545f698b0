package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTest {
    @Test
    void parse_goodAddresses() {
        assertEquals(new Address("localhost", 7070), Address.parse("netmem://localhost"));
        assertEquals(new Address("10.0.0.7", 1), Address.parse("netmem://10.0.0.7:1"));
        assertEquals(new Address("::1", 65535), Address.parse("NETMEM://[::1]:65535"));
        assertEquals("netmem://[::1]:7070", Address.parse("netmem://[::1]").toString());
        assertEquals("netmem://h:7070", Address.parse("netmem://h").toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "localhost:7070       | scheme: localhost (expected: netmem)",
                "http://h             | scheme: http (expected: netmem)",
                "h                    | scheme: missing (expected: netmem)",
                "netmem:h             | host and port: missing (expected: host:port)",
                "netmem://h:0         | port: 0 (expected: 1 to 65535)",
                "netmem://h:65536     | port: 65536 (expected: 1 to 65535)",
                "netmem://h:x         | host and port: h:x (expected: host:port)",
                "netmem://me@h        | user: me (expected: none)",
                "netmem://h/page      | path: /page (expected: none)",
                "netmem://h?x=1       | query: x=1 (expected: none)",
                "netmem://h#x         | fragment: x (expected: none)",
                "netmem://a_b:1       | host and port: a_b:1 (expected: host:port)",
                "netmem://h h         | (expected: a URI)",
                "netmem://            | (expected: a URI)",
            })
    void parse_badAddress_namesValueBoundAndFix(String text, String reason) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> NetMem.builder(text))
                .getMessage());
        assertTrue(message.startsWith("uri: " + text + ": "), message);
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains("write netmem://host:port"), message);
    }
}
