package netmem.api.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that a credential comes from, the same for a client as for a server: its first line. Pure but for the file. */
public final class CredentialFile {
    private static final int READ_BYTES_MAX = 4096;

    private CredentialFile() {}

    /**
     * Reads the first line, of which no more is read than a bound well above a credential's length.
     *
     * @param file UTF-8
     * @return without white space around it; may be empty, or too long for a credential
     * @throws java.nio.charset.CharacterCodingException when the line is not UTF-8
     * @throws IOException when the file cannot be read
     */
    public static String firstLine(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(READ_BYTES_MAX);
            int length = 0;
            while (length < bytes.length && bytes[length] != '\n') {
                length++;
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString()
                    .strip();
        }
    }
}
