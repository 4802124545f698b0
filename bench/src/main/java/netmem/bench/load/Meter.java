package netmem.bench.load;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Meters as they stand at one instant, or what they counted between two. Pure value.
 *
 * @param serverCpuNanos processor time of the server; negative when unknown
 * @param clientCpuNanos processor time of this process, the rig's own work included
 * @param clientAllocatedBytes by all threads of this process
 */
public record Meter(long serverCpuNanos, long clientCpuNanos, long clientAllocatedBytes) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Meter now(Contestant contestant) {
        return new Meter(contestant.serverCpuNanos(), ProcessClock.nanos(), THREADS.getTotalThreadAllocatedBytes());
    }

    Meter until(Meter later) {
        return new Meter(
                serverCpuNanos < 0 || later.serverCpuNanos < 0 ? -1 : later.serverCpuNanos - serverCpuNanos,
                later.clientCpuNanos - clientCpuNanos,
                later.clientAllocatedBytes - clientAllocatedBytes);
    }
}
