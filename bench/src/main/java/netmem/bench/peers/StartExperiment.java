package netmem.bench.peers;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import netmem.bench.process.ServerProcess;
import netmem.bench.result.Figure;
import netmem.bench.result.Result;

/** How long servers take until they are ready, and what memory they hold then; the size of the image (P11). Pure. */
final class StartExperiment implements Experiment {
    static final String NAME = "Start";
    static final String READY_MILLIS = Figure.READY_MS.key();
    static final String IMAGE_BYTES = Figure.IMAGE_BYTES.key();
    static final String ARCHIVE_BYTES = Figure.ARCHIVE_BYTES.key();

    private static final int PAGES = 1024;
    private static final int PAGE_LENGTH_BYTES = 4096;
    private static final int CONNECTIONS = 100;

    @Override
    public String title() {
        return "start and memory";
    }

    @Override
    public List<Result> run(Effort effort, Field field) throws IOException {
        Map<Contestant, List<Result>> starts = new LinkedHashMap<>();
        List<Contestant> contestants = field.of(Field.NETMEM, Field.REDIS, Field.MEMCACHED);
        for (int i = 0; i < effort.starts(); i++) {
            for (Contestant contestant : contestants) {
                starts.computeIfAbsent(contestant, _ -> new ArrayList<>()).add(start(contestant, field));
            }
        }
        return starts.values().stream().map(Result::median).toList();
    }

    private static Result start(Contestant contestant, Field field) throws IOException {
        try (ServerProcess server = contestant.server().start(PAGES, PAGE_LENGTH_BYTES, CONNECTIONS)) {
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put(READY_MILLIS, server.readyNanos() / 1e6);
            figures.put(Figure.SERVER_RSS_BYTES.key(), (double) server.residentBytes());
            Path image = field.root().resolve("jlink/target/netmem");
            Optional<Path> archive = archive(field.root().resolve("jlink/target"));
            if (contestant.name().equals(Field.NETMEM) && Files.isDirectory(image) && archive.isPresent()) {
                figures.put(IMAGE_BYTES, bytesBelow(image));
                figures.put(ARCHIVE_BYTES, (double) Files.size(archive.get()));
            }
            Map<String, String> load = Map.of(Loads.PAGES, Integer.toString(PAGES));
            return new Result(NAME, contestant.name(), load, figures, null, true);
        }
    }

    /** The image as it is handed on; its name has the version in it. */
    private static Optional<Path> archive(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "netmem-*.tar.gz")) {
            Iterator<Path> files = found.iterator();
            return files.hasNext() ? Optional.of(files.next()) : Optional.empty();
        }
    }

    private static double bytesBelow(Path folder) throws IOException {
        double bytes = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
