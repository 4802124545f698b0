package netmem.server.net;

import io.netty.channel.ChannelHandlerContext;

/**
 * A task of a connection on its event loop, for now or later. What it throws would be lost, since Netty keeps what a
 * timer's task throws and tells it nobody, and the connection would go on without what the task was to do: so it ends
 * the connection, as what a read throws does. Pure, but for that.
 */
record Guarded(ChannelHandlerContext context, Runnable task) implements Runnable {
    @Override
    public void run() {
        try {
            task.run();
        } catch (RuntimeException | Error fault) {
            context.pipeline().fireExceptionCaught(fault);
        }
    }
}
