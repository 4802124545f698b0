package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    @ValueSource(strings = {"a_b", "project_db_1", "_x", "db-1.my_net", "10.0.0.7", "xn--bcher-kva.example", "h."})
    void parse_hostAsContainersAreNamed_isTaken(String host) {
        assertEquals(new Address(host, 7070), Address.parse("netmem://" + host));
        assertEquals(new Address(host, 9), Address.parse("netmem://" + host + ":9"));
        assertEquals(
                "netmem://" + host + ":9",
                Address.parse("netmem://" + host + ":9").toString());
    }

    @Test
    void parse_literalWithInterface_isTaken() {
        assertEquals(new Address("fe80::1%eth0", 7), Address.parse("netmem://[fe80::1%eth0]:7"));
        assertEquals(new Address("::ffff:1.2.3.4", 7070), Address.parse("netmem://[::ffff:1.2.3.4]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "localhost:7070       | scheme: localhost (expected: netmem)",
                "http://h             | scheme: http (expected: netmem)",
                "h                    | scheme: missing (expected: netmem)",
                "netmem               | scheme: missing (expected: netmem)",
                "netmem:h             | host and port: missing (expected: host:port)",
                "netmem:/h            | host and port: missing (expected: host:port)",
                "netmem://h:0         | port: 0 (expected: 1 to 65535)",
                "netmem://h:65536     | port: 65536 (expected: 1 to 65535)",
                "netmem://h:4294967297 | port: 4294967297 (expected: 1 to 65535)",
                "netmem://h:-1        | port: -1 (expected: 1 to 65535)",
                "netmem://h:x         | port: x (expected: 1 to 65535)",
                "netmem://h:          | port: missing (expected: 1 to 65535)",
                "netmem://h:1:2       | port: 1:2 (expected: 1 to 65535)",
                "netmem://::1         | host: missing (expected: letters, digits, '-', '_' and '.', or an IPv6",
                "netmem://:7070       | host: missing (expected: letters",
                "netmem://h%41        | host: h%41 (expected: letters",
                "netmem://b\u00fccher | host: b\u00fccher (expected: letters",
                "netmem://h h         | host: h h (expected: letters",
                "netmem://            | host: missing (expected: letters",
                "netmem://[::1        | host: [ (expected: letters",
                "netmem://[h]:1       | host: [h] (expected: letters",
                "netmem://[]:1        | host: [] (expected: letters",
                "netmem://[::1]x:1    | host: [::1]x (expected: letters",
            })
    void parse_badAddress_namesValueBoundAndFix(String text, String reason) {
        String message = refusal(text);
        assertTrue(message.startsWith("uri: " + shown(text) + ": "), message);
        assertTrue(message.contains(": " + reason), message);
        assertTrue(message.contains("write netmem://host:port"), message);
    }

    private static String shown(String text) {
        return text.equals("netmem:/h") ? "netmem:..." : text;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "netmem://me:s3cret@h         | user and password: present (expected: none)",
                "netmem://s3cret@h            | user and password: present (expected: none)",
                "netmem://me:s3c@s3cret@h:1   | user and password: present (expected: none)",
                "netmem://me:a/s3cret@h       | user and password: present (expected: none)",
                "netmem://me:a?s3cret@h       | user and password: present (expected: none)",
                "netmem://me:s3cret %@h h     | user and password: present (expected: none)",
                "netmem:me:s3cret@h           | host and port: missing (expected: host:port)",
                "http://me:s3cret@h           | scheme: http (expected: netmem)",
                "me:s3cret@h                  | scheme: me (expected: netmem)",
                "s3cret@h:1                   | scheme: (not repeated: it has an '@') (expected: netmem)",
                "netmem://h?token=s3cret      | query: present (expected: none)",
                "netmem://h:1/s3cret          | path: present (expected: none)",
                "netmem://h#s3cret            | fragment: present (expected: none)",
            })
    void parse_addressWithCredential_isRefusedAndNotRepeated(String text, String reason) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> NetMem.builder(text));
        StringWriter trace = new StringWriter();
        refusal.printStackTrace(new PrintWriter(trace, true));
        assertFalse(trace.toString().contains("s3c"), trace.toString());
        assertTrue(String.valueOf(refusal.getMessage()).contains(reason), refusal.getMessage());
    }

    private static String refusal(String text) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> NetMem.builder(text))
                .getMessage());
    }
}
