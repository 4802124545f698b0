package netmem.samples.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import netmem.samples.JavaProcess;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HelloTest {
    @Test
    void hello_runTwice_seesTheVersionGrow() throws Exception {
        try (NetMemServer server =
                NetMemServer.builder().listen("127.0.0.1", 0).pages(1).start()) {
            assertHello("Hello, shared memory! (page 0, version 2)", server.uri());
            assertHello("Hello, shared memory! (page 0, version 3)", server.uri());
        }
    }

    private static void assertHello(String expected, String uri) throws Exception {
        try (JavaProcess hello = JavaProcess.start(Hello.class, uri)) {
            assertEquals(expected, hello.output().strip());
            assertEquals(0, hello.exitCode());
        }
    }
}
