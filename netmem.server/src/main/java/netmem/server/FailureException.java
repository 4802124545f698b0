package netmem.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import netmem.server.config.ServerConfig;

/** The program cannot do what it was asked for, though it was asked rightly; carries the way out. Immutable. */
final class FailureException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    private final String problem;

    /** What to do about it. */
    private final String fix;

    FailureException(String problem, String fix, Throwable cause) {
        super(problem, cause);
        this.problem = problem;
        this.fix = fix;
    }

    FailureException(String problem, String fix) {
        super(problem);
        this.problem = problem;
        this.fix = fix;
    }

    /** Explains why a server did not start. */
    static FailureException atStart(ServerConfig config, UncheckedIOException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String why = String.valueOf(cause.getMessage());
        if (why.startsWith("huge-pages")) {
            return new FailureException(why, "or --huge-pages=auto, which does without where it must", failure);
        }
        if (!why.startsWith("cannot listen")) {
            return new FailureException(
                    why, "make room, or choose other --pages, --page-length or --arena-file", failure);
        }
        String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
        String address = host + ":" + config.port();
        if (why.contains("in use")) {
            return new FailureException(
                    "listen: " + address + " is in use by another program (expected: a free address)",
                    "stop that program, or listen on another port: --listen " + host + ":" + otherPort(config.port())
                            + ", or port 0 for any free one",
                    failure);
        }
        return new FailureException(
                "listen: " + address
                        + " (expected: an address of this machine and a port that this user may listen on): " + why,
                "choose another with --listen HOST:PORT",
                failure);
    }

    private static int otherPort(int port) {
        return port < 65535 ? port + 1 : ServerConfig.PORT;
    }

    String problem() {
        return problem;
    }

    String fix() {
        return fix;
    }
}
