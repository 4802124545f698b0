package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What holds for the server's sources and no compiler checks: who may touch what, which way the data goes, and the reason
 * beside each ordered memory access. Not covered here: formatting and nullness, which the build checks.
 */
final class TidyTest {
    private static final int FILE_LINES_MAX = 300;

    /** Files that may be longer: the engine's entry, where each operation has its place in one switch. */
    private static final Map<String, Integer> LONGER_FILES = Map.of("Engine.java", 330);

    private static final Pattern NATIVE_MEMORY = Pattern.compile("\\bjava\\.lang\\.foreign\\b|\\bVarHandle\\b");

    /** Accesses in a weak mode, fences, and the accessors of VersionWords that are named after theirs. */
    private static final Pattern ORDERED_ACCESS = Pattern.compile("[.](get|set)(Acquire|Release|Opaque)\\("
            + "|[.](acquire|release|full|loadLoad|storeStore)Fence\\("
            + "|(?<! long | void )\\b(load|store)(Acquire|Release|Opaque)\\(");

    private static final Pattern VOLATILE_ACCESS = Pattern.compile(
            "[.](get|set)Volatile\\(|[.](weakC|c)ompareAnd[A-Z][A-Za-z]*\\(|[.]getAnd[A-Z][A-Za-z]*\\(");

    private static final Pattern CLOCK_OR_THREAD = Pattern.compile(
            "\\bnanoTime\\b|\\bcurrentTimeMillis\\b|\\bInstant[.]now\\b|\\bClock[.]system|"
                    + "\\bnew Thread\\b|\\bThread[.](start|of)[A-Z]|\\bThread[.]sleep\\b|\\bExecutors?\\b|\\bCompletableFuture\\b");

    private static final Pattern CONSOLE = Pattern.compile("\\bSystem[.](out|err|exit)\\b|\\bprintStackTrace\\b");

    private static final Pattern DUMPING_GROUND =
            Pattern.compile(".*(Util|Utils|Helper|Manager|Impl|Context|Misc)[.]java");

    private static List<Source> sources = List.of();

    /** A source file: its path inside src/main/java and its lines. */
    private record Source(Path path, List<String> lines) {
        boolean isIn(String... packages) {
            return Stream.of(packages).anyMatch(name -> path.startsWith(Path.of("netmem", "server", name)));
        }

        /** Lines that are code, numbered, in which the pattern is found. */
        List<String> found(Pattern pattern) {
            return IntStream.range(0, lines.size())
                    .filter(i -> !isComment(lines.get(i))
                            && pattern.matcher(lines.get(i)).find())
                    .mapToObj(i -> path + ":" + (i + 1) + ": " + lines.get(i).strip())
                    .toList();
        }

        /** The same, of those that no line above gives a reason for. */
        List<String> bare(Pattern pattern) {
            return IntStream.range(0, lines.size())
                    .filter(i -> !isComment(lines.get(i))
                            && pattern.matcher(lines.get(i)).find())
                    .filter(i -> i == 0 || !lines.get(i - 1).strip().startsWith("// pairs with "))
                    .mapToObj(i -> path + ":" + (i + 1) + ": " + lines.get(i).strip())
                    .toList();
        }

        static boolean isComment(String line) {
            String text = line.strip();
            return text.startsWith("//") || text.startsWith("*") || text.startsWith("/*");
        }
    }

    @BeforeAll
    static void readSources() throws IOException {
        Path root = Path.of("src", "main", "java");
        List<Source> read = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                read.add(new Source(root.relativize(file), Files.readAllLines(file)));
            }
        }
        sources = List.copyOf(read);
    }

    @Test
    void sources_ofThisModule_areRead() {
        assertTrue(sources.stream().anyMatch(source -> source.path().endsWith("VersionWords.java")));
    }

    @Test
    void nativeMemory_outsideOfMemory_isNotTouched() {
        assertNone(sources.stream().filter(source -> !source.isIn("memory")), NATIVE_MEMORY);
    }

    @Test
    void orderedAccesses_inMemory_areInOneClass() {
        List<Source> others = sources.stream()
                .filter(source -> source.isIn("memory") && !source.path().endsWith("VersionWords.java"))
                .toList();
        assertNone(others.stream(), ORDERED_ACCESS);
        assertNone(others.stream(), VOLATILE_ACCESS);
    }

    @Test
    void orderedAccess_everywhere_hasItsReasonAbove() {
        assertEquals(
                List.of(),
                sources.stream()
                        .flatMap(source -> source.bare(ORDERED_ACCESS).stream())
                        .toList());
    }

    @Test
    void volatileAccess_inMemoryAndLock_hasItsReasonAbove() {
        assertEquals(
                List.of(),
                sources.stream()
                        .filter(source -> source.isIn("memory", "lock"))
                        .flatMap(source -> source.bare(VOLATILE_ACCESS).stream())
                        .toList());
    }

    @Test
    void accesses_ofEachKind_areRecognised() {
        for (String line : List.of(
                "long w = (long) WORD.getAcquire(segment, 0L);",
                "words.setRelease(1, 2);",
                "return loadAcquire(page) == word;",
                "        storeOpaque(page, 1);",
                "VarHandle.acquireFence();")) {
            assertTrue(ORDERED_ACCESS.matcher(line).find(), line);
            assertEquals(
                    1,
                    new Source(Path.of("A.java"), List.of("// why not", line))
                            .bare(ORDERED_ACCESS)
                            .size());
            assertEquals(
                    List.of(), new Source(Path.of("A.java"), List.of("// pairs with b: c", line)).bare(ORDERED_ACCESS));
        }
        for (String line : List.of("x.compareAndSet(1, 2)", "x.weakCompareAndSetPlain(1, 2)", "x.getAndAdd(1)")) {
            assertTrue(VOLATILE_ACCESS.matcher(line).find(), line);
        }
        assertFalse(ORDERED_ACCESS
                .matcher("    abstract long loadAcquire(long page);")
                .find());
        assertFalse(ORDERED_ACCESS
                .matcher("        void storeRelease(long page, long word) {")
                .find());
    }

    @Test
    void core_clocksAndThreads_areArguments() {
        assertNone(sources.stream().filter(source -> source.isIn("engine", "lock", "memory")), CLOCK_OR_THREAD);
    }

    @Test
    void core_network_isNotKnown() {
        assertNone(
                sources.stream().filter(source -> source.isIn("engine", "lock", "memory")),
                Pattern.compile("\\bio[.]netty\\b|\\bnetmem[.]server[.](net|latency)\\b"));
    }

    @Test
    void memoryAndLock_otherPackages_areNotKnown() {
        assertNone(
                sources.stream().filter(source -> source.isIn("memory")),
                Pattern.compile("\\bimport (static )?netmem[.](?!server[.]memory[.])"));
        assertNone(
                sources.stream().filter(source -> source.isIn("lock")),
                Pattern.compile("\\bimport (static )?netmem[.]server[.](?!lock[.])"));
    }

    @Test
    void console_belowTheMainPackage_isNotTouched() {
        assertNone(sources.stream().filter(source -> source.path().getNameCount() > 3), CONSOLE);
    }

    @Test
    void files_names_sayWhatTheyHold() {
        assertEquals(
                List.of(),
                sources.stream()
                        .map(source -> source.path().getFileName().toString())
                        .filter(name -> DUMPING_GROUND.matcher(name).matches())
                        .toList());
    }

    @Test
    void files_length_isBounded() {
        List<String> tooLong = new ArrayList<>();
        for (Source source : sources) {
            int linesMax = LONGER_FILES.getOrDefault(source.path().getFileName().toString(), FILE_LINES_MAX);
            if (source.lines().size() > linesMax) {
                tooLong.add(source.path() + ": " + source.lines().size() + " lines (expected: <= " + linesMax + ")");
            }
        }
        assertEquals(List.of(), tooLong);
    }

    private static void assertNone(Stream<Source> among, Pattern pattern) {
        assertEquals(
                List.of(),
                among.flatMap(source -> source.found(pattern).stream()).toList());
    }
}
