package netmem.bench.result;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a result file: where was measured, and what came out. JSON. Pure value.
 *
 * @param environment where and with what
 * @param results medians, in the order they were measured
 * @param skipped what could not be measured, each with the reason
 */
public record ResultFile(Environment environment, List<Result> results, List<String> skipped) {
    private static final Gson JSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /** Copies the lists. */
    public ResultFile {
        results = List.copyOf(results);
        skipped = List.copyOf(skipped);
    }

    /** With nothing skipped. */
    public ResultFile(Environment environment, List<Result> results) {
        this(environment, results, List.of());
    }

    /** Writes the file and the folders above it. */
    public void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, JSON.toJson(this) + "\n");
    }

    /** Reads a file that {@link #write} made. */
    public static ResultFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no file (expected: a result file)");
        }
        try {
            @Nullable ResultFile contents = JSON.fromJson(Files.readString(file), ResultFile.class);
            if (contents == null) {
                throw new IOException(file + ": empty (expected: a result file)");
            }
            return contents;
        } catch (RuntimeException e) { // Gson's own, and what it wraps a record's refusal in
            throw new IOException(file + ": not a result file: " + e.getMessage(), e);
        }
    }

    /** This file's results and then another's, under this one's environment with the versions of both and the worse of what else the machine did. */
    public ResultFile and(ResultFile other) {
        List<Result> all = new ArrayList<>(results);
        all.addAll(other.results);
        List<String> missing = new ArrayList<>(skipped);
        missing.addAll(other.skipped);
        Environment both = environment.withVersions(other.environment.versions());
        Disturbance others = other.environment.disturbance();
        if (others != null) {
            Disturbance own = environment.disturbance();
            both = both.with(own == null ? others : own.and(others));
        }
        return new ResultFile(both, all, missing);
    }
}
