package netmem.samples.evolution;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * An instance of the travelling salesman's problem: cities in the plane. The distance of two is Euclid's, rounded to the nearest whole
 * number (EUC_2D of TSPLIB). Immutable.
 */
final class Cities {
    /** The length of the shortest tour of berlin52, as TSPLIB gives it. */
    static final int BERLIN52_OPTIMUM = 7542;

    private final int[][] distances;

    private Cities(int[][] distances) {
        this.distances = distances;
    }

    /** 52 locations in Berlin, from TSPLIB. */
    static Cities berlin52() {
        try (InputStream in = Cities.class.getResourceAsStream("berlin52.txt")) {
            if (in == null) {
                throw new IllegalStateException("berlin52.txt: not beside its class");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, US_ASCII));
            return of(lines.lines().filter(line -> !line.startsWith("#")).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cities from lines of two numbers, x and y. */
    static Cities of(List<String> lines) {
        int count = lines.size();
        double[] x = new double[count];
        double[] y = new double[count];
        for (int city = 0; city < count; city++) {
            String[] numbers = lines.get(city).split(" ", -1);
            x[city] = Double.parseDouble(numbers[0]);
            y[city] = Double.parseDouble(numbers[1]);
        }
        int[][] distances = new int[count][count];
        for (int a = 0; a < count; a++) {
            for (int b = 0; b < count; b++) {
                distances[a][b] = (int) Math.round(Math.hypot(x[a] - x[b], y[a] - y[b]));
            }
        }
        return new Cities(distances);
    }

    int count() {
        return distances.length;
    }

    int distance(int a, int b) {
        return distances[a][b];
    }

    /** Length of the round trip. */
    int length(int[] order) {
        int length = distances[order[order.length - 1]][order[0]];
        for (int i = 1; i < order.length; i++) {
            length += distances[order[i - 1]][order[i]];
        }
        return length;
    }

    /** Whether each city is visited once. */
    boolean isTour(int[] order) {
        boolean[] visited = new boolean[count()];
        for (int city : order) {
            if (city < 0 || city >= count() || visited[city]) {
                return false;
            }
            visited[city] = true;
        }
        return order.length == count();
    }
}
