package netmem.samples.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What a launcher takes for the image's server in a test: a script that starts the server from the class path. Pure. */
public final class ServerScript {
    private ServerScript() {}

    /** Writes the script; returns the option of a JVM that names it. */
    public static String optionFor(Path folder) throws IOException {
        Path script = folder.resolve("server");
        Files.writeString(
                script,
                "#!/bin/sh\nexec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp '%s' netmem.server.Main \"$@\"\n"
                        .formatted(
                                ProcessHandle.current().info().command().orElseThrow(),
                                System.getProperty("java.class.path")));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return "-Dnetmem.server=" + script;
    }
}
