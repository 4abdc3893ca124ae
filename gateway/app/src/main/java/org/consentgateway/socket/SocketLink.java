package org.consentgateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of ours (RFC 6455): connected, upgraded, watched, closed. Confined to its event
 * loop. It stands in the pipeline of each address that it tries, one after the other.
 */
@ChannelHandler.Sharable
final class SocketLink extends SimpleChannelInboundHandler<Object> {
    /** A minute and a half of sound in Base64. */
    private static final int MOST_OCTETS = 1 << 20;

    /** A refusal may come with a page for people. */
    private static final int MOST_ANSWER_OCTETS = 256 << 10;

    private static final int FORBIDDEN = 403;
    private static final int UNAUTHORIZED = 401;
    private static final int PROXY_AUTHENTICATION = 407;

    /**
     * What may wait to be sent to a peer that does not read, in octets: no sound does, and of all
     * else there is little, unless the peer has us say it.
     */
    private static final long MOST_UNREAD = 256 << 10;

    /** A peer that does not confirm a close is not waited for. */
    private static final int CLOSE_MILLIS = 1000;

    private static final int PING_MILLIS = 1000;

    /** What happens on a socket, on its event loop. Told of one end, and of nothing after it. */
    interface Events {
        void opened();

        /**
         * @throws IOException where it is no message of this dialect
         */
        void text(ByteBuf message) throws IOException;

        /**
         * @throws IOException where it is no message of this dialect
         */
        void binary(ByteBuf message) throws IOException;

        /** The peer has closed it, or it broke. */
        void closed(int code);

        /**
         * @param status of HTTP, or 0
         * @param detail of the machine, nothing of the caller
         */
        void failed(Failure why, int status, String detail);
    }

    private final SocketTarget target;
    private final EventLoop loop;
    private final Events events;
    private final WebSocketClientHandshaker handshaker;
    private @Nullable Channel channel;
    private boolean upgraded;
    private boolean over;
    private boolean closing;
    private boolean closeConfirmed;
    private @Nullable Runnable closed;

    /** Pings since anything came. */
    private int unanswered;

    SocketLink(SocketTarget target, Map<String, String> headers, EventLoop loop, Events events) {
        super(false);
        this.target = target;
        this.loop = loop;
        this.events = events;
        HttpHeaders more = new DefaultHttpHeaders();
        headers.forEach(more::set);
        String subprotocol = target.dialect().subprotocol();
        this.handshaker =
                new WebSocketClientHandshaker13(
                        target.url(),
                        WebSocketVersion.V13,
                        subprotocol.isEmpty() ? null : subprotocol,
                        false,
                        more,
                        MOST_OCTETS);
    }

    // ---- to the peer ----

    /** The first of these addresses that answers. */
    void connect(SocketLoops loops, List<InetAddress> addresses) {
        loops.connect(loop, target.port(), addresses, new Pipeline());
    }

    /** Why it could not be connected to. */
    static Failure why(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException _ -> Failure.NO_ANSWER;
            case ConnectException _ -> Failure.REFUSED;
            default -> Failure.UNREACHABLE;
        };
    }

    private final class Pipeline extends SocketLoops.Connecting {
        @Override
        protected void initChannel(Channel made) {
            ChannelPipeline pipeline = made.pipeline();
            if (target.secure()) {
                pipeline.addLast(target.tls().handler(made.alloc(), target.host(), target.port()));
            }
            pipeline.addLast(
                    new HttpClientCodec(),
                    new HttpObjectAggregator(MOST_ANSWER_OCTETS),
                    SocketLink.this);
        }

        @Override
        boolean wanted() {
            return !over;
        }

        @Override
        void tried(Channel connecting) {
            channel = connecting;
        }

        @Override
        void unreached(Throwable cause) {
            fail(why(cause), 0, String.valueOf(cause.getMessage()));
        }
    }

    /** Whether the peer reads: what is written now goes out at once. */
    boolean writable() {
        Channel present = channel;
        return upgraded && !closing && !over && present != null && present.isWritable();
    }

    void text(ByteBuf message) {
        write(new TextWebSocketFrame(message));
    }

    void binary(ByteBuf message) {
        write(new BinaryWebSocketFrame(message));
    }

    private void write(WebSocketFrame frame) {
        Channel present = channel;
        if (present == null || !upgraded || closing || over) {
            frame.release();
        } else if (present.bytesBeforeWritable() > MOST_UNREAD) {
            frame.release();
            fail(Failure.NOT_ALIVE, 0, "sends, and reads nothing");
        } else {
            var _ = present.writeAndFlush(frame, present.voidPromise());
        }
    }

    /**
     * Says goodbye and closes.
     *
     * @param done told once, whether the peer has confirmed it
     */
    void close(int code, String reason, Consumer<Boolean> done) {
        Channel present = channel;
        if (over || closing || present == null || !upgraded) {
            abandon();
            done.accept(false);
            return;
        }
        var _ = present.writeAndFlush(new CloseWebSocketFrame(code, reason));
        closing = true;
        var timeout = loop.schedule(this::abandon, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        closed =
                () -> {
                    timeout.cancel(false);
                    done.accept(closeConfirmed);
                };
    }

    /** Ends the connection without another word. */
    void abandon() {
        over = true;
        Channel present = channel;
        if (present != null) {
            var _ = present.close();
        }
        ended();
    }

    private void ended() {
        Runnable told = closed;
        closed = null;
        if (told != null) {
            told.run();
        }
    }

    // ---- from the peer ----

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!target.secure()) {
            var _ = handshaker.handshake(context.channel());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent secured) {
            if (secured.isSuccess()) {
                var _ = handshaker.handshake(context.channel());
            } else {
                fail(Failure.TLS_FAILED, 0, String.valueOf(secured.cause().getMessage()));
            }
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Object message) {
        try {
            unanswered = 0;
            if (message instanceof FullHttpResponse response) {
                answered(context, response);
            } else if (message instanceof WebSocketFrame frame) {
                frame(frame);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void answered(ChannelHandlerContext context, FullHttpResponse response) {
        int status = response.status().code();
        try {
            handshaker.finishHandshake(context.channel(), response);
        } catch (WebSocketClientHandshakeException e) {
            boolean unauthorised =
                    status == UNAUTHORIZED || status == FORBIDDEN || status == PROXY_AUTHENTICATION;
            fail(
                    unauthorised ? Failure.UNAUTHORISED : Failure.NOT_UPGRADED,
                    status,
                    String.valueOf(e.getMessage()));
            return;
        }
        context.pipeline()
                .addBefore(context.name(), "messages", new WebSocketFrameAggregator(MOST_OCTETS));
        upgraded = true;
        var _ = loop.schedule(this::ping, PING_MILLIS, TimeUnit.MILLISECONDS);
        events.opened();
    }

    private void ping() {
        Channel present = channel;
        if (over || closing || present == null) {
            return;
        }
        if ((long) ++unanswered * PING_MILLIS > target.patience().alive().toMillis()) {
            fail(Failure.NOT_ALIVE, 0, "not even a pong");
            return;
        }
        var _ = present.writeAndFlush(new PingWebSocketFrame(), present.voidPromise());
        var _ = loop.schedule(this::ping, PING_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void frame(WebSocketFrame frame) {
        if (over) {
            return;
        }
        switch (frame) {
            case CloseWebSocketFrame close -> closedByPeer(close);
            case PingWebSocketFrame ping -> pong(ping);
            case TextWebSocketFrame text -> given(() -> events.text(text.content()));
            case BinaryWebSocketFrame binary -> given(() -> events.binary(binary.content()));
            default -> {
                // a pong: it is alive
            }
        }
    }

    /**
     * Whoever does not read gets none: what waits to be sent would grow with each ping. RFC 6455
     * §5.5.3 wants an answer to the newest alone.
     */
    private void pong(PingWebSocketFrame ping) {
        if (writable()) {
            write(new PongWebSocketFrame(ping.content().retain()));
        }
    }

    private interface Taking {
        void take() throws IOException;
    }

    private void given(Taking message) {
        if (closing) {
            return; // what is said after our goodbye
        }
        try {
            message.take();
        } catch (IOException e) {
            fail(Failure.PROTOCOL_ERROR, 0, String.valueOf(e.getMessage()));
        }
    }

    private void closedByPeer(CloseWebSocketFrame frame) {
        int code = frame.statusCode() < 0 ? CloseCode.NONE : frame.statusCode();
        if (closing) {
            // Whoever fails on what we said last may have closed before it came to our goodbye.
            closeConfirmed = CloseCode.isRegular(code);
            abandon();
            return;
        }
        Channel present = channel;
        if (present != null) {
            present.writeAndFlush(frame.retain()).addListener(ChannelFutureListener.CLOSE);
            // Whoever does not read never lets it go out.
            Runnable anyway =
                    () -> {
                        var _ = present.close();
                    };
            var _ = loop.schedule(anyway, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        }
        over = true;
        events.closed(code);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!over && !closing) {
            over = true;
            events.closed(CloseCode.BROKEN);
        }
        over = true;
        ended();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable inner = cause.getCause() == null ? cause : cause.getCause();
        String detail = String.valueOf(inner.getMessage());
        switch (inner) {
            case SSLException _ -> fail(Failure.TLS_FAILED, 0, detail);
            case TooLongFrameException _ -> fail(Failure.TOO_MUCH_AUDIO, 0, detail);
            case CorruptedFrameException _ -> fail(Failure.PROTOCOL_ERROR, 0, detail);
            case IOException _ -> {
                // the channel ends by itself, and says so
                var _ = context.close();
            }
            default -> fail(Failure.PROTOCOL_ERROR, 0, inner.getClass().getSimpleName());
        }
    }

    private void fail(Failure why, int status, String detail) {
        if (over || closing) {
            abandon();
            return;
        }
        if (upgraded) {
            close(why.closeCode(), "", _ -> {});
        } else {
            abandon();
        }
        events.failed(why, status, detail);
    }
}
