package netmem.proof.planted;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * A change of one place of the sources that breaks a promise, as somebody might make it. The sources and what is built of
 * them stay as they are. Pure value.
 *
 * @param name short
 * @param breaks what is wrong then, for people
 * @param module folder of the module
 * @param type name of the class whose source is changed
 * @param text what stands there, exactly once
 * @param replacement what stands there then
 */
public record PlantedBug(String name, String breaks, String module, String type, String text, String replacement) {
    /** The classes of the changed source, compiled, by name. */
    Map<String, byte[]> compiled() {
        Path file = Path.of("..", module, "src/main/java", type.replace('.', '/') + ".java");
        String source;
        try {
            source = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int at = source.indexOf(text);
        if (at < 0 || source.indexOf(text, at + 1) >= 0) {
            throw new AssertionError(
                    "planted bug " + name + ": its text is not there exactly once: " + file + ": " + text);
        }
        return compile(source.replace(text, replacement));
    }

    /** The class path of programs that are to have it: its classes, put into a folder, stand first. */
    public String classPath(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> made : compiled().entrySet()) {
            Path file = folder.resolve(made.getKey().replace('.', '/') + ".class");
            Files.createDirectories(file.getParent());
            Files.write(file, made.getValue());
        }
        return folder + File.pathSeparator + System.getProperty("java.class.path");
    }

    private Map<String, byte[]> compile(String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        InMemory files = new InMemory(compiler.getStandardFileManager(problems, null, null));
        List<String> options = List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"));
        boolean good = compiler.getTask(
                        null, files, problems, options, null, List.of(new InMemory.Source(type, source)))
                .call();
        if (!good) {
            List<String> errors = new ArrayList<>();
            problems.getDiagnostics().stream()
                    .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                    .forEach(problem -> errors.add(problem.toString()));
            throw new AssertionError("planted bug " + name + " does not compile: " + errors);
        }
        return new HashMap<>(files.classes());
    }

    @Override
    public String toString() {
        return name;
    }
}
