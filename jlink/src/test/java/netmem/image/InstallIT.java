package netmem.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a newcomer does with a fresh copy of the sources and an empty home directory, by the README's own commands:
 * install, run the first program, depend on the client in other projects. Maven takes what it needs from this build's
 * repository, and asks the network for what is not there.
 */
@Timeout(300)
final class InstallIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int COMMAND_SECONDS_MAX = 240;
    private static final List<String> JARS = List.of("netmem.api", "netmem.client", "netmem.server");

    @TempDir
    static Path folder;

    private static Path sources = Path.of("");
    private static Path home = Path.of("");
    private static String readme = "";
    private static String output = "";

    /** Copies the sources, then runs all that the README says about installing and running the first program. */
    @BeforeAll
    static void install() throws Exception {
        sources = folder.resolve("sources");
        home = folder.resolve("home");
        readme = Files.readString(ROOT.resolve("README.md"));
        copySources();
        Path settings = home.resolve(".m2/settings.xml");
        Files.createDirectories(Objects.requireNonNull(settings.getParent()));
        Files.writeString(settings, settings(Path.of(System.getProperty("netmem.repository"))));
        List<String> command = new ArrayList<>(List.of(
                block("", "jlink/target/netmem/bin/netmem-server").strip().split(" ")));
        command.add("--listen=127.0.0.1:0");
        command.set(0, ROOT.resolve(command.getFirst()).toString());
        try (ImageServer server = ImageServer.start(command, Map.of())) {
            Files.writeString(sources.resolve("Hello.java"), program(server.uri()));
            output = run(sources, "set -eu\n" + block("", "./build --install"));
            for (String kind : List.of("classes", "modules")) {
                project(kind, server.uri());
            }
            assertEquals(0, server.stop());
        }
    }

    @Test
    void firstProgram_runByTheCommandOfTheReadme_readsItsTextBack() {
        assertTrue(output.contains("Hello, shared memory!"), output);
        assertFalse(output.contains("\0"), "NULs in: " + output);
    }

    @Test
    void projectOnTheClassPath_compilesWithoutWarningAndRuns() throws Exception {
        Path target = folder.resolve("classes/target/classes");
        String text = java("-cp", target + ":" + jar("netmem.api", "") + ":" + jar("netmem.client", ""), "Hello");
        assertTrue(text.contains("Hello, shared memory!"), text);
    }

    @Test
    void projectOnTheModulePath_compilesWithoutWarningAndRuns() throws Exception {
        Path target = folder.resolve("modules/target/classes");
        String text = java(
                "-p", target + ":" + jar("netmem.api", "") + ":" + jar("netmem.client", ""), "-m", "user/user.Hello");
        assertTrue(text.contains("Hello, shared memory!"), text);
    }

    private static String java(String... arguments) throws Exception {
        try (ImageServer server = ImageServer.start(
                ImageServer.command(ROOT.resolve("jlink/target/netmem"), "--listen=127.0.0.1:0"), Map.of())) {
            List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
            command.add("-Dserver=" + server.uri());
            command.addAll(List.of(arguments));
            String text = run(folder, command);
            assertEquals(0, server.stop());
            return text;
        }
    }

    @Test
    void jars_eachWithSourcesAndJavadoc_holdLicenceNoticeAndVersion() throws IOException {
        for (String name : JARS) {
            for (String kind : List.of("", "-sources", "-javadoc")) {
                try (JarFile jar = new JarFile(jar(name, kind).toFile())) {
                    assertTrue(jar.getEntry("META-INF/LICENSE") != null, jar.getName() + " lacks META-INF/LICENSE");
                    assertTrue(jar.getEntry("META-INF/NOTICE") != null, jar.getName() + " lacks META-INF/NOTICE");
                }
            }
            try (JarFile jar = new JarFile(jar(name, "").toFile())) {
                String actual = jar.getManifest().getMainAttributes().getValue("Implementation-Version");
                assertEquals(version(), actual, jar.getName());
            }
            try (JarFile jar = new JarFile(jar(name, "-javadoc").toFile())) {
                assertTrue(jar.getEntry(name + "/module-summary.html") != null, jar.getName());
            }
        }
        try (JarFile jar = new JarFile(jar("netmem-hdrhistogram", "").toFile())) {
            assertTrue(jar.getEntry("META-INF/LICENSE") != null, jar.getName() + " lacks META-INF/LICENSE");
            assertTrue(jar.getEntry("META-INF/LICENSE.txt") != null, jar.getName() + " lacks HdrHistogram's licence");
        }
    }

    /** What every artifact has in common is in the BOM, from which the parent inherits it. */
    @Test
    void poms_tellWhatARepositoryAsksFor() throws IOException {
        String bom = Files.readString(file("netmem-bom", ".pom"));
        for (String element : List.of("name", "description", "url", "licenses", "developers", "scm", "connection")) {
            assertTrue(bom.contains("<" + element), "the BOM lacks " + element);
        }
        for (String name : JARS) {
            assertTrue(bom.contains("<artifactId>" + name + "</artifactId>"), "the BOM lacks " + name);
            String pom = Files.readString(file(name, ".pom"));
            assertTrue(pom.contains("<name>") && pom.contains("<description>"), pom);
        }
        String parent = Files.readString(file("netmem-parent", ".pom"));
        assertTrue(parent.contains("<artifactId>netmem-bom</artifactId>"), parent);
        assertFalse(parent.contains("<scope>import</scope>"), "who reads the client's POM would need that BOM");
        assertTrue(readme.contains("implementation(\"netmem:netmem.client:" + version() + "\")"), "Gradle's line");
    }

    /** A project that a user would begin with: the README's dependency, his own compiler options. */
    private static void project(String kind, String uri) throws IOException, InterruptedException {
        Path project = folder.resolve(kind);
        Path java = Files.createDirectories(project.resolve("src/main/java"));
        Files.writeString(project.resolve("pom.xml"), """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                    <modelVersion>4.0.0</modelVersion>
                    <groupId>user</groupId>
                    <artifactId>user</artifactId>
                    <version>1</version>
                    <properties>
                        <maven.compiler.release>25</maven.compiler.release>
                        <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                    </properties>
                    <dependencies>
                %s    </dependencies>
                    <build>
                        <plugins>
                            <plugin>
                                <artifactId>maven-resources-plugin</artifactId>
                                <version>%s</version>
                            </plugin>
                            <plugin>
                                <artifactId>maven-compiler-plugin</artifactId>
                                <version>%s</version>
                                <configuration>
                                    <compilerArgs>
                                        <arg>-Xlint:all</arg>
                                        <arg>-Werror</arg>
                                    </compilerArgs>
                                </configuration>
                            </plugin>
                        </plugins>
                    </build>
                </project>
                """.formatted(
                block("xml", "netmem.client"), pinned("maven-resources-plugin"), pinned("maven-compiler-plugin")));
        String program = program(uri).replace("\"" + uri + "\"", "System.getProperty(\"server\")");
        if (kind.equals("modules")) {
            Files.writeString(java.resolve("module-info.java"), "module user { requires netmem.client; }\n");
            int body = program.indexOf("void main()");
            program = "package user;\n" + program.substring(0, body) + "final class Hello {\n" + program.substring(body)
                    + "}\n";
            java = Files.createDirectories(java.resolve("user"));
        }
        Files.writeString(java.resolve("Hello.java"), program);
        run(project, "exec \"${MVN:-mvn}\" -B -q compile");
    }

    private static String program(String uri) {
        return block("java", "void main()").replace("netmem://127.0.0.1:7070", uri);
    }

    /** The README's first block in a language that contains a text. */
    private static String block(String language, String text) {
        Matcher blocks = Pattern.compile("(?ms)^```([a-z]*)\\n(.*?)^```$").matcher(readme);
        while (blocks.find()) {
            if (blocks.group(1).equals(language) && blocks.group(2).contains(text)) {
                return blocks.group(2);
            }
        }
        throw new AssertionError(
                "README.md: no block of " + (language.isEmpty() ? "commands" : language) + " with " + text);
    }

    private static String version() {
        return first(readme, "<version>(.*?)</version>");
    }

    /** The version of a plugin that this build uses, which is therefore in its repository. */
    private static String pinned(String plugin) throws IOException {
        return first(
                Files.readString(ROOT.resolve("pom.xml")),
                "<artifactId>" + plugin + "</artifactId>\\s*<version>(.*?)</version>");
    }

    private static String first(String text, String pattern) {
        return Optional.of(Pattern.compile(pattern).matcher(text))
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .orElseThrow(() -> new AssertionError("not found: " + pattern));
    }

    private static Path jar(String name, String kind) {
        return file(name, kind + ".jar");
    }

    private static Path file(String name, String end) {
        return home.resolve(".m2/repository/netmem")
                .resolve(name)
                .resolve(version())
                .resolve(name + "-" + version() + end);
    }

    /** What --install needs, and no more: nothing that was built, no tests. */
    private static void copySources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 12)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = ROOT.relativize(file);
                String name = relative.toString();
                boolean descriptor = name.matches("(\\.mvn/.*|build|LICENSE|NOTICE|([a-z.]+/)?pom\\.xml)");
                boolean source = name.matches("(netmem\\.[a-z]+|hdrhistogram)/src/main/.*");
                if (descriptor || source) {
                    Path copy = sources.resolve(name);
                    Files.createDirectories(Objects.requireNonNull(copy.getParent()));
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static String settings(Path repository) {
        String known =
                "<id>known</id><url>" + repository.toUri() + "</url><snapshots><enabled>false</enabled></snapshots>";
        return """
                <settings>
                    <profiles>
                        <profile>
                            <id>known</id>
                            <repositories><repository>%s</repository></repositories>
                            <pluginRepositories><pluginRepository>%s</pluginRepository></pluginRepositories>
                        </profile>
                    </profiles>
                    <activeProfiles><activeProfile>known</activeProfile></activeProfiles>
                </settings>
                """.formatted(known, known);
    }

    private static String run(Path in, String script) throws IOException, InterruptedException {
        return run(in, List.of("bash", "-c", script));
    }

    private static String run(Path in, List<String> command) throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "command", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("HOME", home.toString());
        environment.merge("MAVEN_OPTS", "-Duser.home=" + home, (before, more) -> before + " " + more);
        environment.put("JDK25_HOME", System.getProperty("java.home"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError(command + ": not done in " + COMMAND_SECONDS_MAX + " s: " + Files.readString(log));
        }
        String text = Files.readString(log);
        assertEquals(0, process.exitValue(), () -> command + ": " + text);
        return text;
    }
}
