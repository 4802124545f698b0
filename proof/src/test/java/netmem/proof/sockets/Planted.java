package netmem.proof.sockets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * One place of the sources changed so that it breaks a promise, for programs in processes of their own: its classes are
 * compiled into a folder that stands first on their class path. A value.
 *
 * @param name for people
 * @param module folder of the module
 * @param type class whose source is changed
 * @param text what stands there, exactly once
 * @param replacement what stands there then
 */
record Planted(String name, String module, String type, String text, String replacement) {
    /** Compiles the changed source; returns the class path with it in front. */
    String classPath(Path folder) throws IOException {
        String file = type.replace('.', '/') + ".java";
        String source = Files.readString(Path.of("..", module, "src/main/java", file));
        if (source.indexOf(text) < 0 || source.indexOf(text) != source.lastIndexOf(text)) {
            throw new AssertionError(name + ": the text is not there exactly once in " + file + ": " + text);
        }
        Path changed = folder.resolve("src").resolve(file);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Files.createDirectories(changed.getParent());
        Files.writeString(changed, source.replace(text, replacement));
        String classPath = System.getProperty("java.class.path");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, null)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", classPath);
            boolean good = compiler.getTask(null, files, problems, options, null, files.getJavaFileObjects(changed))
                    .call();
            if (!good) {
                throw new AssertionError(name + ": " + problems.getDiagnostics());
            }
        }
        return classes + System.getProperty("path.separator") + classPath;
    }

    @Override
    public String toString() {
        return name;
    }
}
