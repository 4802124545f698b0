package netmem.image;

/** The smallest program, whose start shows what the JVM alone takes. Pure. */
final class Hello {
    private Hello() {}

    /** Prints a READY line as the server does, and ends when its standard input does. */
    public static void main(String[] args) throws java.io.IOException {
        System.out.println(
                "READY netmem://hello:0 pid=" + ProcessHandle.current().pid());
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
}
