package netmem.bench.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import netmem.bench.result.Report;
import netmem.bench.result.Result;
import netmem.bench.result.ResultFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a page of results measured before. Filled by picocli. */
@Command(
        name = "report",
        description = "One page of one or several result files; the histograms that they name lie beside them.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "results.json", description = "made by the other commands")
    List<Path> files = List.of();

    @Option(names = "--out", paramLabel = "FILE", description = "the page (default: ${DEFAULT-VALUE})")
    Path out = Path.of("report.html");

    @Option(names = "--title", paramLabel = "TEXT", description = "its heading (default: ${DEFAULT-VALUE})")
    String title = "NetMem measured";

    @Override
    public Integer call() throws Exception {
        @Nullable ResultFile all = null;
        for (Path file : files) {
            ResultFile one = absolute(ResultFile.read(file), file.toAbsolutePath());
            all = all == null ? one : all.and(one);
        }
        if (all == null) {
            throw new IllegalArgumentException("results: none (expected: at least one file)");
        }
        Report.write(out, title, all, Path.of("").toAbsolutePath());
        return 0;
    }

    private static ResultFile absolute(ResultFile file, Path path) {
        List<Result> results = new ArrayList<>();
        for (Result result : file.results()) {
            String hlog = result.hlog();
            results.add(
                    hlog == null
                            ? result
                            : result.withHlog(path.resolveSibling(hlog).toString()));
        }
        return new ResultFile(file.environment(), results, file.skipped());
    }
}
