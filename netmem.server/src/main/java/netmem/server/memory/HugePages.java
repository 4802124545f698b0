package netmem.server.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Memory of the process that Linux is asked to hold in huge pages, of 2 MiB instead of 4 KiB, so that addresses of a large
 * arena are translated from fewer entries: {@code mmap} and {@code madvise(MADV_HUGEPAGE)}, see madvise(2), through the
 * Foreign Function and Memory API. Pure but for the memory and the files it reads.
 *
 * <p>Memory files do not do: what their pages are is the choice of their mount, which {@code madvise} does not change. So
 * this memory is private, and comes page by page when it is touched; there is no error then when the host has none left,
 * and whoever asks for it looks first whether there is as much.
 */
@SuppressWarnings("restricted") // obstacle() asks first whether the JVM allows it
final class HugePages {
    /** Of x86-64 and of aarch64 with pages of 4 KiB. */
    static final long HUGE_PAGE_BYTES = 2L << 20;

    private static final Path SETTING = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    private static final int PROT_READ_WRITE = 0x1 | 0x2;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x02 | 0x20;
    private static final int MADV_HUGEPAGE = 14;

    private HugePages() {}

    /** Why an arena cannot have them here, if it cannot; loads nothing of the Foreign Function API. */
    static Optional<String> obstacle() {
        return obstacle(SETTING, HugePages.class.getModule());
    }

    static Optional<String> obstacle(Path setting, Module caller) {
        if (!caller.isNativeAccessEnabled()) {
            String name = caller.isNamed() ? caller.getName() : "ALL-UNNAMED";
            return Optional.of("the JVM runs without --enable-native-access=" + name);
        }
        try {
            String choices = Files.readString(setting).strip();
            return choices.contains("[always]") || choices.contains("[madvise]")
                    ? Optional.empty()
                    : Optional.of(setting + " is " + choices + " (expected: [always] or [madvise])");
        } catch (IOException e) {
            return Optional.of("this system does not tell whether it has any: " + e);
        }
    }

    /**
     * Takes zero-filled memory that begins at a huge page and lives as long as the arena.
     *
     * @throws IOException the system gives no memory, or no huge pages
     */
    static MemorySegment allocate(long lengthBytes, Arena arena) throws IOException {
        long mappedBytes = lengthBytes + HUGE_PAGE_BYTES;
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = call.allocate(Functions.ERRNO_LAYOUT);
            MemorySegment mapped = (MemorySegment) Functions.MMAP.invokeExact(
                    errno, MemorySegment.NULL, mappedBytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
            if (mapped.address() == -1) {
                throw Functions.failed("mmap", mappedBytes, errno);
            }
            long start = (mapped.address() + HUGE_PAGE_BYTES - 1) & -HUGE_PAGE_BYTES;
            MemorySegment segment = mapped.reinterpret(mappedBytes, arena, HugePages::unmap)
                    .asSlice(start - mapped.address(), lengthBytes);
            int refused = (int) Functions.MADVISE.invokeExact(errno, segment, lengthBytes, MADV_HUGEPAGE);
            if (refused != 0) {
                throw Functions.failed("madvise(MADV_HUGEPAGE)", lengthBytes, errno);
            }
            return segment;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e); // no function of the system throws
        }
    }

    private static void unmap(MemorySegment mapped) {
        try {
            int _ = (int) Functions.MUNMAP.invokeExact(mapped, mapped.byteSize());
        } catch (Throwable e) {
            throw new IllegalStateException(e); // no function of the system throws
        }
    }

    /** The functions, bound when the first arena with huge pages is made. */
    private static final class Functions {
        static final MemoryLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();

        private static final MemoryLayout ADDRESS = ValueLayout.ADDRESS;
        private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;
        private static final MemoryLayout INT = ValueLayout.JAVA_INT;
        private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

        static final MethodHandle MMAP =
                function("mmap", FunctionDescriptor.of(ValueLayout.ADDRESS, ADDRESS, LONG, INT, INT, INT, LONG), ERRNO);
        static final MethodHandle MADVISE =
                function("madvise", FunctionDescriptor.of(ValueLayout.JAVA_INT, ADDRESS, LONG, INT), ERRNO);
        static final MethodHandle MUNMAP =
                function("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ADDRESS, LONG));

        private Functions() {}

        private static MethodHandle function(String name, FunctionDescriptor types, Linker.Option... options) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), types, options);
        }

        static IOException failed(String function, long bytes, MemorySegment errno) {
            return new IOException(function + " of " + bytes + " bytes: error number "
                    + errno.get(ValueLayout.JAVA_INT, 0) + " of the system");
        }
    }
}
