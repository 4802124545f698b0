package netmem.samples.hello;

import static java.nio.charset.StandardCharsets.UTF_8;

import netmem.api.Versioned;
import netmem.client.NetMem;

/** Writes a greeting into page 0 and reads it back. Run it twice to see the version grow. */
public final class Hello {
    private Hello() {}

    public static void main(String[] args) {
        try (NetMem mem = NetMem.connect(args.length > 0 ? args[0] : "netmem://127.0.0.1:7070")) {
            mem.write(0, 0, "Hello, shared memory!".getBytes(UTF_8));
            Versioned page = mem.read(0);
            String text = UTF_8.decode(page.buffer()).toString().trim();
            System.out.println(text + " (page 0, version " + page.version() + ")");
        }
    }
}
