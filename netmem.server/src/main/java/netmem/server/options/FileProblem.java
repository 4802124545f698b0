package netmem.server.options;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Says in words why a file cannot be read; the JDK's messages are often the bare name. Pure. */
final class FileProblem {
    private FileProblem() {}

    static String of(Path file, IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> file + " does not exist (expected: a file)";
            case AccessDeniedException _ ->
                file + " cannot be read by " + user() + owned(file) + " (expected: a file that this user may read)";
            default ->
                Files.isDirectory(file)
                        ? file + " is a directory (expected: a file)"
                        : file + " cannot be read (expected: a file): " + failure.getMessage();
        };
    }

    static String user() {
        return System.getProperty("user.name", "this user");
    }

    private static String owned(Path file) {
        return owner(file).map(owner -> ", it belongs to " + owner).orElse("");
    }

    /** Whose the file is; empty where even that cannot be seen. */
    static Optional<String> owner(Path file) {
        try {
            return Optional.of(Files.getOwner(file).getName());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** What to do about a file that this user may not read: its mode is to blame only where the user owns it. */
    static String fix(Path file, String user, Optional<String> owner) {
        return owner.filter(user::equals).isPresent()
                ? "chmod 600 " + file
                : "chown " + user + " " + file + ", and let " + user + " search the folders above it";
    }
}
