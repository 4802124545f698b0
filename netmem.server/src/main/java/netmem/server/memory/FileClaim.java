package netmem.server.memory;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * An open file that no other server has while this claim lives. Shared: opened and closed by one thread at a time, over
 * all claims of the JVM.
 *
 * <p>Between processes the claim is the system's lock on the whole file, which ends with the process. POSIX drops a
 * process's locks on a file as soon as the process closes any descriptor of it, so a JVM must not even open a file
 * that it has claimed: {@link #CLAIMED} tells.
 */
final class FileClaim implements Closeable {
    /** The files claimed by this JVM, as the file system knows them. Guarded by this class. */
    private static final Set<Object> CLAIMED = new HashSet<>();

    private static final int TRIES_MAX = 8;

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final RandomAccessFile file;
    private final Object key;

    private FileClaim(RandomAccessFile file, Object key) {
        this.file = file;
        this.key = key;
    }

    /** Claims a file, which is made, empty and for its owner alone, when there is none. */
    static FileClaim of(Path path) throws IOException {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            createWhenMissing(path);
            Optional<FileClaim> claim = tryClaim(path);
            if (claim.isPresent()) {
                return claim.get();
            }
        }
        throw new IOException("arena file " + path + ": replaced by others again and again");
    }

    private static void createWhenMissing(Path path) throws IOException {
        try {
            Files.createFile(path, OWNER_ONLY);
        } catch (FileAlreadyExistsException present) {
            if (!Files.isRegularFile(path)) {
                throw new IOException("arena file " + path + ": not a regular file", present);
            }
        }
    }

    /** Empty when another file has taken the name meanwhile. */
    private static synchronized Optional<FileClaim> tryClaim(Path path) throws IOException {
        Object key = keyOf(path);
        if (CLAIMED.contains(key)) {
            throw new IOException("arena file " + path + ": in use by another server of this process");
        }
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            FileLock lock = file.getChannel().tryLock();
            if (lock == null) {
                throw new IOException("arena file " + path + ": in use by another server");
            }
            if (!keyOf(path).equals(key)) {
                file.close();
                return Optional.empty();
            }
            CLAIMED.add(key);
            return Optional.of(new FileClaim(file, key));
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    private static Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    RandomAccessFile file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        synchronized (FileClaim.class) {
            file.close();
            CLAIMED.remove(key);
        }
    }
}
