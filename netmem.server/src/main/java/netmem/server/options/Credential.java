package netmem.server.options;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import netmem.api.wire.CredentialFile;
import netmem.api.wire.WireLimits;

/** Reads a credential: the first line of a file that only its owner has access to. Pure but for the file. */
final class Credential {
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private Credential() {}

    static String read(Path file) throws BadOptionException {
        try {
            checkAccess(file);
            String line = CredentialFile.firstLine(file);
            int length = line.getBytes(StandardCharsets.UTF_8).length;
            if (length < 1 || length > WireLimits.TOKEN_BYTES_MAX) {
                throw new BadOptionException(
                        "auth-file: first line of " + file + " has " + length + " bytes (expected: 1 to "
                                + WireLimits.TOKEN_BYTES_MAX + ")",
                        "write the credential into its first line");
            }
            return line;
        } catch (CharacterCodingException e) {
            throw new BadOptionException(
                    "auth-file: first line of " + file + " is not UTF-8 (expected: 1 to " + WireLimits.TOKEN_BYTES_MAX
                            + " bytes of UTF-8)",
                    "write the credential as text");
        } catch (AccessDeniedException e) {
            throw new BadOptionException(
                    "auth-file: " + FileProblem.of(file, e),
                    FileProblem.fix(file, FileProblem.user(), FileProblem.owner(file)));
        } catch (IOException e) {
            throw new BadOptionException(
                    "auth-file: " + FileProblem.of(file, e),
                    "write the credential into its first line, and chmod 600 it");
        }
    }

    private static void checkAccess(Path file) throws IOException, BadOptionException {
        if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (!OWNER.containsAll(permissions)) {
            throw new BadOptionException(
                    "auth-file: " + file + " has the permissions " + PosixFilePermissions.toString(permissions)
                            + " (expected: rw------- or r--------, none for others than its owner)",
                    "chmod 600 " + file);
        }
    }
}
