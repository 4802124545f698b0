package netmem.proof.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Which node comes before which: edges between numbered nodes, and the search for a circle. Confined to one check.
 */
final class OrderGraph {
    /** A circle is looked for from as many nodes, to show a short one. */
    private static final int STARTS_MAX = 200;

    private int[] from = new int[1024];
    private int[] to = new int[1024];
    private int edges;
    private int nodes;

    int node() {
        return nodes++;
    }

    void edge(int before, int after) {
        if (edges == from.length) {
            from = Arrays.copyOf(from, 2 * edges);
            to = Arrays.copyOf(to, 2 * edges);
        }
        from[edges] = before;
        to[edges++] = after;
    }

    /** A circle, as short as found; empty when there is none. */
    List<Integer> circle() {
        int[] starts = new int[nodes + 1];
        for (int i = 0; i < edges; i++) {
            starts[from[i] + 1]++;
        }
        for (int i = 0; i < nodes; i++) {
            starts[i + 1] += starts[i];
        }
        int[] next = new int[edges];
        int[] filled = starts.clone();
        for (int i = 0; i < edges; i++) {
            next[filled[from[i]]++] = to[i];
        }
        int[] waitsFor = remaining(starts, next);
        List<Integer> shortest = List.of();
        int tried = 0;
        for (int node = 0; node < nodes && tried < STARTS_MAX; node++) {
            if (waitsFor[node] > 0) {
                tried++;
                List<Integer> circle = circleThrough(node, starts, next);
                if (!circle.isEmpty() && (shortest.isEmpty() || circle.size() < shortest.size())) {
                    shortest = circle;
                }
            }
        }
        return shortest.isEmpty() ? anyCircle(waitsFor, starts, next) : shortest;
    }

    /** Takes away all nodes that nothing left comes before; what is left lies on a circle or behind one. */
    private int[] remaining(int[] starts, int[] next) {
        int[] waitsFor = new int[nodes];
        for (int i = 0; i < edges; i++) {
            waitsFor[to[i]]++;
        }
        int[] ready = new int[nodes];
        int end = 0;
        for (int node = 0; node < nodes; node++) {
            if (waitsFor[node] == 0) {
                ready[end++] = node;
            }
        }
        for (int begin = 0; begin < end; begin++) {
            for (int i = starts[ready[begin]]; i < starts[ready[begin] + 1]; i++) {
                if (--waitsFor[next[i]] == 0) {
                    ready[end++] = next[i];
                }
            }
        }
        return waitsFor;
    }

    private List<Integer> circleThrough(int start, int[] starts, int[] next) {
        int[] cameFrom = new int[nodes];
        Arrays.fill(cameFrom, -1);
        ArrayDeque<Integer> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            int node = open.poll();
            for (int i = starts[node]; i < starts[node + 1]; i++) {
                if (next[i] == start) {
                    return path(start, node, cameFrom);
                }
                if (cameFrom[next[i]] < 0) {
                    cameFrom[next[i]] = node;
                    open.add(next[i]);
                }
            }
        }
        return List.of();
    }

    private static List<Integer> path(int start, int end, int[] cameFrom) {
        List<Integer> path = new ArrayList<>();
        for (int node = end; node != start; node = cameFrom[node]) {
            path.add(node);
        }
        path.add(start);
        Collections.reverse(path);
        return path;
    }

    /** Each node that is left has one before it that is left too: going back must meet a node again. */
    private List<Integer> anyCircle(int[] waitsFor, int[] starts, int[] next) {
        int[] before = new int[nodes];
        Arrays.fill(before, -1);
        int left = -1;
        for (int node = 0; node < nodes; node++) {
            for (int i = starts[node]; waitsFor[node] > 0 && i < starts[node + 1]; i++) {
                before[next[i]] = node;
                left = next[i];
            }
        }
        if (left < 0) {
            return List.of();
        }
        boolean[] met = new boolean[nodes];
        while (!met[left]) {
            met[left] = true;
            left = before[left];
        }
        return circleThrough(left, starts, next);
    }
}
