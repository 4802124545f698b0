import org.jspecify.annotations.NullMarked;

/** The NetMem server, to run and to embed. */
@NullMarked
module netmem.server {
    requires transitive netmem.api;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.epoll.linux.x86_64; // the JNI library: without it the server silently runs on NIO
    requires java.logging; // the program sets the format of its log; Netty logs there too
    requires jdk.unsupported; // sun.misc.Signal: without it a signal could not end in exit code 0
    requires org.hdrhistogram;
    requires static org.jspecify;

    exports netmem.server;
    exports netmem.server.config;
}
