package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import netmem.api.Versioned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a program needs on its module path. */
@Timeout(60)
class ModulesTest {
    private static final String DESCRIPTOR = "module user { requires netmem.client; }";

    /** Uses what is annotated: a null, an Optional, a listener, a lock, a transaction. */
    private static final String PROGRAM = """
            package user;

            import java.time.Duration;
            import java.util.Optional;
            import netmem.api.NetMemException;
            import netmem.api.Versioned;
            import netmem.client.NetMem;
            import netmem.client.PageLock;

            final class Program {
                public static void main(String[] args) {
                    try (NetMem mem = NetMem.builder(args[0]).name("user").connect()) {
                        Versioned page = mem.read(0);
                        mem.update(1, bytes -> bytes.putLong(0, bytes.getLong(0) + page.version()));
                        try (PageLock lock = mem.lock(2)) {
                            lock.buffer().putInt(64, 42);
                            lock.commit();
                        }
                        Optional<PageLock> perhaps = mem.tryLock(3, Duration.ofMillis(100));
                        perhaps.ifPresent(PageLock::close);
                    } catch (NetMemException e) {
                        System.err.println(e.status() + " " + e.outcome() + " " + e.getMessage());
                    }
                }
            }
            """;

    @TempDir
    Path out;

    @Test
    void compile_modularProgramWithTheTwoModulesAlone_givesNoWarning() throws IOException {
        List<String> options = List.of(
                "-Xlint:all",
                "-Werror",
                "-d",
                out.toString(),
                "-p",
                place(Versioned.class) + File.pathSeparator + place(NetMem.class));
        List<JavaFileObject> sources =
                List.of(new Text("module-info.java", DESCRIPTOR), new Text("user/Program.java", PROGRAM));
        assertEquals(List.of(), compile(options, sources));
        assertTrue(Files.exists(out.resolve("user/Program.class")));
    }

    private static JavaCompiler compiler() {
        return ToolProvider.getSystemJavaCompiler();
    }

    private static List<Diagnostic<? extends JavaFileObject>> compile(
            List<String> options, List<JavaFileObject> sources) throws IOException {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        StringWriter told = new StringWriter();
        try (StandardJavaFileManager files = compiler().getStandardFileManager(found, null, null)) {
            compiler().getTask(told, files, found, options, null, sources).call();
        }
        assertEquals("", told.toString());
        return found.getDiagnostics();
    }

    /** Where a class of a module was found: its folder or jar. */
    private static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        Text(String name, String text) {
            super(URI.create("memory:///" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
