package netmem.server.memory;

import java.io.IOException;
import java.nio.file.Path;

/** A process that makes its arena in a file, says "held" or why not, and keeps it until it is killed. */
final class ArenaFileHolder {
    private ArenaFileHolder() {}

    public static void main(String[] arguments) throws IOException {
        try (PageMemory memory = PageMemory.file(Path.of(arguments[0]), 1, 64, 9, 9)) {
            System.out.println("held");
            while (System.in.read() >= 0) {
                memory.version(0);
            }
        } catch (IOException refused) {
            System.out.println(refused.getMessage());
        }
    }
}
