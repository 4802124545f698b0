package netmem.server.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Makes native memory that is a file, for other processes to map. Pure but for the files it touches.
 *
 * <p>The file gets its header under another name and then takes the path's place in one step: who opens the path finds
 * a whole arena or none, and who maps the arena of a former server keeps that one, unchanged for ever.
 */
final class ArenaFile {
    private ArenaFile() {}

    static NativePages create(Path path, ArenaLayout layout, long incarnationHigh, long incarnationLow)
            throws IOException {
        Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        Path folder = Optional.ofNullable(target.getParent())
                .orElseThrow(() -> new IOException("arena file " + path + ": not a regular file"));
        HostMemory.checkGroup(layout, ControlGroup.memoryBytesMax());
        Optional<String> obstacle = HostMemory.obstacle(folder, layout.totalBytes());
        if (obstacle.isPresent()) {
            throw new IOException("arena file " + path + ": " + obstacle.get());
        }
        try (FileClaim former = FileClaim.of(target)) {
            if (former.file().length() != 0
                    && !ArenaHeader.isArena(former.file().getChannel())) {
                throw new IOException("arena file " + path + ": holds something else (expected: an arena, or no file)");
            }
            Path fresh = target.resolveSibling(
                    target.getFileName() + "." + HexFormat.of().toHexDigits(incarnationHigh ^ incarnationLow) + ".new");
            return replace(target, fresh, layout, incarnationHigh, incarnationLow);
        }
    }

    private static NativePages replace(
            Path target, Path fresh, ArenaLayout layout, long incarnationHigh, long incarnationLow) throws IOException {
        FileClaim claim = FileClaim.of(fresh);
        try {
            Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(target));
            ArenaBacking backing = ArenaBacking.mapped("file " + target, claim.file(), layout, claim);
            try {
                ArenaHeader.write(backing.segment(), layout, incarnationHigh, incarnationLow);
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
                return new NativePages(backing, layout);
            } catch (IOException | RuntimeException | Error failed) {
                backing.close();
                throw failed;
            }
        } catch (IOException | RuntimeException | Error failed) {
            claim.close();
            Files.deleteIfExists(fresh);
            throw failed;
        }
    }
}
