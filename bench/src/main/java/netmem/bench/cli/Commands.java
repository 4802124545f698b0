package netmem.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** What commands share. Stateless. */
final class Commands {
    private Commands() {}

    /** Runs a session with the streams of its command. */
    static int run(Session session, String title, @Nullable CommandSpec spec) throws IOException, InterruptedException {
        if (spec == null) {
            throw new IllegalStateException("spec: not set (expected: run by picocli)");
        }
        PrintWriter out = spec.commandLine().getOut();
        return session.run(title, out, spec.commandLine().getErr());
    }
}
