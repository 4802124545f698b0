package netmem.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import netmem.bench.load.Load;
import netmem.bench.raw.Work;
import netmem.bench.result.Environment;
import netmem.bench.result.Figure;
import netmem.bench.result.ResultFile;

/** Makes docs/benchmarks.md of results. Pure. */
final class BenchmarksPage {
    private static final String CPU = Figure.SERVER_CPU_US_PER_OP.key();
    private static final String THROUGHPUT = Figure.THROUGHPUT_PER_S.key();
    private static final double THOUSAND = 1000;
    private static final double MEBI = 1 << 20;
    /** From here on the generator's thread was what could not do more. */
    private static final double BUSY = 0.9;

    private final ResultFile file;
    private final Lookup all;
    private final Markdown out = new Markdown();

    private BenchmarksPage(ResultFile file) {
        this.file = file;
        this.all = new Lookup(file.results());
    }

    /** The whole page. {@code command} is what made it. */
    static String of(ResultFile file, String command) {
        BenchmarksPage page = new BenchmarksPage(file);
        page.introduction(command);
        page.goals();
        page.servers();
        page.clients();
        page.sizes();
        page.garbageAndStart();
        return page.out.page();
    }

    private void introduction(String command) {
        Environment here = file.environment();
        out.heading(1, "Benchmarks")
                .paragraph("Made by `" + command + "`; nothing here is written by hand. Contestants take turns in one"
                        + " run, round after round in another order, so that what disturbs the machine disturbs all"
                        + " alike; figures are medians of the rounds, latencies at a rate"
                        + " those of all rounds together. **Processor time of the server for an operation**"
                        + " is the steadiest of them on a shared machine. How it is measured, and how to repeat it:"
                        + " [bench](../bench/README.md).")
                .heading(2, "Where");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("commit", here.commit() + (here.dirty() ? ", with changes" : "")));
        rows.add(List.of("date", here.date()));
        rows.add(List.of(
                "machine",
                here.cpu() + ", " + here.cores() + " cores, " + Math.round(here.memoryBytes() / MEBI / 1024) + " GiB, "
                        + here.kernel()));
        rows.add(List.of("load when it began", here.loadAverage()));
        rows.add(List.of("JDK", here.jdk() + " " + String.join(" ", here.flags())));
        here.versions().forEach((name, version) -> rows.add(List.of(name, version)));
        file.skipped().forEach(what -> rows.add(List.of("not measured", what)));
        out.table(List.of("", ""), rows);
        if (!here.warnings().isEmpty()) {
            out.paragraph("**" + String.join(" ", here.warnings()) + "** Throughput and latency, and what is"
                    + " judged by them, say little then; processor time for an operation says more.");
        }
    }

    private void goals() {
        List<Goal> goals = Goals.of(file.results());
        long met = goals.stream().filter(Goal::met).count();
        long measured =
                goals.stream().filter(goal -> goal.reached().isPresent()).count();
        out.heading(2, "Goals")
                .paragraph(met + " of " + measured + " reached; " + (goals.size() - measured)
                        + " not measured here. A ratio is NetMem's figure over the other's. P6, P7 and P10 are no part of"
                        + " this command.");
        List<List<String>> rows = new ArrayList<>();
        for (Goal goal : goals) {
            rows.add(List.of(goal.id(), goal.what(), goal.boundText(), goal.reachedText(), goal.verdict()));
        }
        out.table(List.of("", "what", "goal", "reached", ""), rows);
    }

    private void servers() {
        Lookup servers = all.in(ServerExperiment.NAME);
        if (servers.results().isEmpty()) {
            return;
        }
        out.heading(2, "Servers")
                .paragraph("Bare sockets, the same generator for all, pages of 4 KiB, one thread for each server unless"
                        + " a column says two loops. *C floor* is a small server that checks nothing (bench/floor). A"
                        + " *validated read* names the version held and gets no bytes; Redis and memcached get a value"
                        + " of 8 bytes, the nearest that they have. A *compare update* is a script in Redis and cas in"
                        + " memcached. In each cell: µs of server CPU for an operation · thousand operations a second; † where the generator"
                        + " was the limit and the server could have done more.");
        for (Work work : Work.values()) {
            serverTable(servers.with(Loads.WORK, work.title()), work);
        }
    }

    private void serverTable(Lookup results, Work work) {
        List<String> contestants = results.contestants();
        List<String> heading = new ArrayList<>(List.of("connections", "in flight"));
        heading.addAll(contestants);
        heading.add("CPU / floor");
        heading.add("throughput / better peer");
        List<List<String>> rows = new ArrayList<>();
        for (String connections : results.values(Loads.CONNECTIONS)) {
            for (String inFlight : results.values(Loads.IN_FLIGHT)) {
                Lookup cell = results.with(Loads.CONNECTIONS, connections).with(Loads.IN_FLIGHT, inFlight);
                List<String> row = new ArrayList<>(List.of(connections, inFlight));
                contestants.forEach(contestant -> row.add(both(cell.of(contestant))));
                row.add(number(cell.ratio(CPU, Field.NETMEM, Field.FLOOR)));
                row.add(won(Goals.againstBetter(cell)));
                rows.add(row);
            }
        }
        out.heading(
                        3,
                        work.title().substring(0, 1).toUpperCase(Locale.ROOT)
                                + work.title().substring(1))
                .table(heading, rows);
    }

    private static String both(Lookup one) {
        OptionalDouble throughput = one.figure(THROUGHPUT);
        if (throughput.isEmpty()) {
            return "";
        }
        String limit = one.figure(Turns.GENERATOR_BUSY).orElse(0) >= BUSY ? " †" : "";
        return number(one.figure(CPU)) + " · " + Goal.number(throughput.getAsDouble() / THOUSAND) + limit;
    }

    private static String won(OptionalDouble ratio) {
        return number(ratio) + (ratio.orElse(1) < 1 ? " (loss)" : "");
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? Goal.number(value.getAsDouble()) : "";
    }

    private void clients() {
        clientTable(
                "Clients: one call after the other, and many at once",
                "One caller is measured in two places. *One* processor for caller and server: the two never run at"
                        + " the same time, so nothing is lost, and a call takes what it costs; goals are judged by this,"
                        + " since repeated runs agree. *Two*: caller and server each have one, kept from sleeping by a"
                        + " loop that gives way to everything else; each request and each reply wakes the other"
                        + " processor up, which on a virtual machine may take longer than all the rest. Left to the"
                        + " system a call is now the one, now the other, or waits for a processor that sleeps, and the"
                        + " median jumps from run to run. The *C socket* sends the bytes of a validated read to the same"
                        + " NetMem server; the *bare socket* is Java and its server does nothing.",
                ClientExperiment.CLOSED_LOOP,
                List.of());
        clientTable(
                "Clients at a rate: latency from the intended send time",
                "Open loop; processors are kept from sleeping where the system has chrt and taskset.",
                "Open loop",
                List.of("p50_us", "p99_us", "p9999_us", "max_us"));
    }

    private void clientTable(String title, String words, String experiment, List<String> latencies) {
        Lookup results = all.in(experiment);
        List<String> keys = new ArrayList<>(latencies.isEmpty() ? List.of("call_p50_us", THROUGHPUT) : latencies);
        keys.addAll(List.of("client_cpu_us_per_op", "client_alloc_bytes_per_op", CPU));
        List<String> heading = new ArrayList<>(List.of("operation", "callers", "processors", "contestant"));
        keys.forEach(key -> heading.add(key.replace("_per_", "/").replace('_', ' ')));
        List<List<String>> rows = new ArrayList<>();
        results.results().forEach(result -> {
            List<String> row = new ArrayList<>();
            row.add(result.load().getOrDefault(Loads.WORK, ""));
            row.add(result.load().getOrDefault("callers", ""));
            row.add(result.load().getOrDefault(Load.PROCESSORS, "any"));
            row.add(result.contestant() + (result.rateReached() ? "" : " (FAIL: rate not reached)"));
            Lookup one = new Lookup(List.of(result));
            keys.forEach(key -> row.add(number(one.figure(key))));
            rows.add(row);
        });
        if (!rows.isEmpty()) {
            out.heading(2, title).paragraph(words).table(heading, rows);
        }
    }

    private void sizes() {
        out.heading(2, "Cost against size")
                .paragraph("Servers of all sizes run at the same time and take turns. Pages of 64 bytes, by chance, 32"
                        + " connections; lengths with 8 connections and 4 in flight; connections with"
                        + " 200 of them active, one in flight. µs of server CPU for an operation, and over the"
                        + " first row of the column. Where pages by chance are more than caches and the"
                        + " translation of addresses hold, each operation waits for memory: the C floor, which has no"
                        + " more than a version and the bytes of a page, tells how much of a growth that is. A longer"
                        + " page is more bytes through the socket.");
        sizeTable(SizeExperiment.PAGES, Loads.PAGES);
        sizeTable(SizeExperiment.PAGE_LENGTH, Loads.PAGE_LENGTH);
        sizeTable(SizeExperiment.CONNECTIONS, Loads.CONNECTIONS);
    }

    private void sizeTable(String experiment, String axis) {
        for (String inFlight : all.in(experiment).values(Loads.IN_FLIGHT)) {
            sizeTable(all.in(experiment).with(Loads.IN_FLIGHT, inFlight), axis, inFlight);
        }
    }

    private void sizeTable(Lookup results, String axis, String inFlight) {
        List<String> heading = new ArrayList<>(List.of(axis + " (in flight: " + inFlight + ")"));
        List<Lookup> columns = new ArrayList<>();
        for (String work : results.values(Loads.WORK)) {
            for (String contestant : results.contestants()) {
                heading.add(contestant + ", " + work);
                columns.add(results.with(Loads.WORK, work).of(contestant));
            }
        }
        List<List<String>> rows = new ArrayList<>();
        for (String size : results.values(axis)) {
            List<String> row = new ArrayList<>(List.of(size));
            for (Lookup column : columns) {
                OptionalDouble cpu = column.with(axis, size).figure(CPU);
                OptionalDouble first = column.figure(CPU);
                row.add(
                        cpu.isPresent() && first.isPresent()
                                ? number(cpu) + " · " + Goal.number(cpu.getAsDouble() / first.getAsDouble()) + " ×"
                                : "");
            }
            rows.add(row);
        }
        out.table(heading, rows);
    }

    private void garbageAndStart() {
        List<List<String>> garbage = new ArrayList<>();
        all.in(GarbageExperiment.NAME)
                .results()
                .forEach(result -> garbage.add(List.of(
                        result.load().getOrDefault(Loads.WORK, ""),
                        number(new Lookup(List.of(result)).figure(GarbageExperiment.BYTES_PER_OPERATION)))));
        out.heading(2, "Garbage of the server").table(List.of("operation", "bytes an operation"), garbage);
        List<List<String>> starts = new ArrayList<>();
        all.in(StartExperiment.NAME).results().forEach(result -> {
            Lookup one = new Lookup(List.of(result));
            starts.add(List.of(
                    result.contestant(),
                    number(one.figure(StartExperiment.READY_MILLIS)),
                    mebibytes(one.figure(Figure.SERVER_RSS_BYTES.key())),
                    mebibytes(one.figure(StartExperiment.IMAGE_BYTES)),
                    mebibytes(one.figure(StartExperiment.ARCHIVE_BYTES))));
        });
        out.heading(2, "Start and memory")
                .table(List.of("", "ready, ms", "memory then, MiB", "image, MiB", "tar.gz, MiB"), starts);
    }

    private static String mebibytes(OptionalDouble bytes) {
        return bytes.isPresent() ? Goal.number(bytes.getAsDouble() / MEBI) : "";
    }
}
