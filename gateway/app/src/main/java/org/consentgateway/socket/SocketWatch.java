package org.consentgateway.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Thread-safe. Connects from time to time to each assistant on a socket, with TLS where it has it,
 * and hangs up again without a word: an upgrade would begin a session with it, and there is nobody
 * who has agreed to one.
 */
final class SocketWatch {
    /** As long as SIP waits for an answer to OPTIONS. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** Nobody is sent to one that is down, so it is asked more often than the others. */
    private static final Duration WHILE_DOWN = Duration.ofSeconds(5);

    private final SocketLoops loops;
    private final LongSupplier nanos;
    private final Names names;

    /** Finds the addresses of a host, in the order in which they are tried. */
    interface Names {
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    SocketWatch(SocketLoops loops, LongSupplier nanos, Names names) {
        this.loops = loops;
        this.nanos = nanos;
        this.names = names;
    }

    /**
     * From now on, until the loops are closed.
     *
     * @param wanted asked before each time; false ends it
     */
    void ask(SocketTarget target, SocketStanding standing, Duration every, BooleanSupplier wanted) {
        ask(target, standing, every, wanted, loops.next());
    }

    private void ask(
            SocketTarget target,
            SocketStanding standing,
            Duration every,
            BooleanSupplier wanted,
            EventLoop loop) {
        if (!wanted.getAsBoolean()) {
            return;
        }
        var _ =
                once(target, standing)
                        .thenRun(() -> {
                            Duration wait =
                                    standing.down().isPresent() && every.compareTo(WHILE_DOWN) > 0
                                            ? WHILE_DOWN
                                            : every;
                            if (!loop.isShuttingDown()) {
                                var _ =
                                        loop.schedule(
                                                () -> ask(target, standing, every, wanted, loop),
                                                wait.toMillis(),
                                                TimeUnit.MILLISECONDS);
                            }
                        });
    }

    /** Asks now; completes when {@code standing} knows the answer. */
    CompletableFuture<Void> once(SocketTarget target, SocketStanding standing) {
        var asked = new Asked(target, standing, loops.next());
        Thread.ofVirtual().name("socket-watch").start(asked::resolve);
        return asked.done;
    }

    /**
     * One connection, which says who it is where there is TLS, and leaves. Confined to its event
     * loop, once the name is resolved.
     */
    private final class Asked extends SocketLoops.Connecting {
        private final SocketTarget target;
        private final SocketStanding standing;
        private final EventLoop loop;
        private final long from = nanos.getAsLong();
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Asked(SocketTarget target, SocketStanding standing, EventLoop loop) {
            this.target = target;
            this.standing = standing;
            this.loop = loop;
        }

        void resolve() {
            try {
                List<InetAddress> found = names.addresses(target.host());
                loop.execute(() -> loops.connect(loop, target.port(), found, this));
            } catch (UnknownHostException e) {
                failed(Failure.NAME_NOT_FOUND);
            } catch (RuntimeException e) {
                done.complete(null); // the loops are closed: we shut down
            }
        }

        @Override
        protected void initChannel(Channel made) {
            if (target.secure()) {
                made.pipeline()
                        .addLast(target.tls().handler(made.alloc(), target.host(), target.port()));
            }
            made.pipeline().addLast(new Leaves(this));
        }

        @Override
        boolean wanted() {
            return !done.isDone();
        }

        @Override
        void tried(Channel channel) {
            var timeout =
                    loop.schedule(
                            () -> {
                                failed(Failure.NO_ANSWER);
                                var _ = channel.close();
                            },
                            PATIENCE.toMillis(),
                            TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener((ChannelFutureListener) _ -> timeout.cancel(false));
        }

        @Override
        void unreached(Throwable cause) {
            failed(SocketLink.why(cause));
        }

        void connected() {
            if (!done.isDone()) {
                standing.connected(Duration.ofNanos(nanos.getAsLong() - from));
                done.complete(null);
            }
        }

        void failed(Failure why) {
            if (!done.isDone()) {
                standing.unconnected(why);
                done.complete(null);
            }
        }
    }

    /** Confined to its event loop: who has connected says no word more. */
    private static final class Leaves extends ChannelInboundHandlerAdapter {
        private final Asked asked;

        Leaves(Asked asked) {
            this.asked = asked;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (!asked.target.secure()) {
                asked.connected();
                var _ = context.close();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent secured) {
                if (secured.isSuccess()) {
                    asked.connected();
                } else {
                    asked.failed(Failure.TLS_FAILED);
                }
                var _ = context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            asked.failed(asked.target.secure() ? Failure.TLS_FAILED : Failure.UNREACHABLE);
            var _ = context.close();
        }
    }
}
