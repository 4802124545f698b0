package netmem.image;

import java.io.IOException;
import java.io.OutputStream;

/** The smallest program, whose start shows what the JVM alone takes. Pure. */
final class Hello {
    private Hello() {}

    /** Prints a READY line as the server does, and ends when its standard input does. */
    public static void main(String[] args) throws IOException {
        System.out.println(
                "READY netmem://hello:0 pid=" + ProcessHandle.current().pid());
        System.in.transferTo(OutputStream.nullOutputStream());
    }
}
