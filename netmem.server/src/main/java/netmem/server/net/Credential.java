package netmem.server.net;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The credential that clients must present, kept as a hash. Immutable. */
final class Credential {
    private final byte @Nullable [] hash;

    private Credential(byte @Nullable [] hash) {
        this.hash = hash;
    }

    static Credential of(Optional<String> token) {
        return new Credential(token.map(Credential::hash).orElse(null));
    }

    /** Whether clients need one at all. */
    boolean isAsked() {
        return hash != null;
    }

    /** Compares in a time that does not depend on how much of it is right. */
    boolean accepts(String presented) {
        return hash == null || MessageDigest.isEqual(hash, hash(presented));
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
