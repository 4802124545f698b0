package netmem.server.net;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/**
 * Event loops that look after their sockets once a millisecond at least, whatever tasks they have: a page that a thousand
 * clients watch makes a thousand tasks, one for each of their connections. Netty's own loops would run all of them first,
 * for up to a second.
 *
 * <p>A loop looks at the clock after each 64 tasks, and runs what was scheduled in time only behind its sockets.
 */
final class LoopGroup extends MultiThreadIoEventLoopGroup {
    private static final long TASKS_MILLIS = 1;

    LoopGroup(int loops, ThreadFactory threads, IoHandlerFactory handlers) {
        super(loops, threads, handlers);
    }

    @Override
    protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... none) {
        return new SingleThreadIoEventLoop(
                this, executor, handlers, Integer.MAX_VALUE, RejectedExecutionHandlers.reject(), TASKS_MILLIS);
    }
}
