package netmem.server.options;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says in words why a file cannot be read; the JDK's messages are often the bare name. Pure. */
final class FileProblem {
    private FileProblem() {}

    static String of(Path file, IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> file + " does not exist (expected: a file)";
            case AccessDeniedException _ -> file + " cannot be read (expected: a file that this user may read)";
            default ->
                Files.isDirectory(file)
                        ? file + " is a directory (expected: a file)"
                        : file + " cannot be read (expected: a file): " + failure.getMessage();
        };
    }
}
