package netmem.bench.peers;

import java.io.IOException;
import java.util.List;
import netmem.bench.result.Result;

/** One part of the tables. */
interface Experiment {
    /** For the progress. */
    String title();

    /** Measures. What cannot take part here is left out; {@link Field} has told so. */
    List<Result> run(Effort effort, Field field) throws IOException;
}
