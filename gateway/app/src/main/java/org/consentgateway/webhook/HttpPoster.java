package org.consentgateway.webhook;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.consentgateway.connect.ClientTls;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Posts over HTTP/1.1, a connection for each message. A name is resolved once and the
 * connection made to an address that was looked at, so that no name server can turn it elsewhere
 * meanwhile; where one cannot be connected to, the next is tried. Redirects are not followed; of an
 * answer only its status counts.
 */
public final class HttpPoster implements Poster, AutoCloseable {
    private static final int MOST_HEADER_OCTETS = 16 * 1024;

    /** What follows the status is read so far, then the connection is closed. */
    private static final int MOST_ANSWER_OCTETS = 64 * 1024;

    /** RFC 9110 §15.2: whatever is below is informational. */
    private static final int FIRST_FINAL = 200;

    /** After it the next address is tried: a SYN that was lost is sent again after a second. */
    private static final Duration NEXT_ADDRESS = Duration.ofSeconds(2);

    /** An address takes this part of the time left at most, so that the last has time to answer. */
    private static final int PART_OF_TIME = 3;

    private static final long CLOSE_SECONDS = 2;

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("webhooks", true), NioIoHandler.newFactory());
    private final Map<String, ClientTls> tls = new HashMap<>();
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Lookup lookup;

    /** Finds the addresses of a host, in the order in which they are tried. */
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /**
     * @throws IOException saying which file of an endpoint's authorities is of no use
     */
    public HttpPoster(List<Endpoint> endpoints, InstantSource clock, LongSupplier nanos)
            throws IOException {
        this(endpoints, clock, nanos, InetAddress::getAllByName);
    }

    HttpPoster(List<Endpoint> endpoints, InstantSource clock, LongSupplier nanos, Lookup lookup)
            throws IOException {
        this.clock = clock;
        this.nanos = nanos;
        this.lookup = lookup;
        for (Endpoint endpoint : endpoints) {
            if (endpoint.secure()) {
                tls.put(
                        endpoint.name(),
                        ClientTls.of(endpoint.reach().roots(), Optional.empty(), Optional.empty()));
            }
        }
    }

    @Override
    public Response post(Endpoint endpoint, WebRequest request) {
        List<InetAddress> allowed;
        try {
            allowed =
                    Arrays.stream(lookup.addresses(host(endpoint)))
                            .distinct()
                            .filter(each ->
                                    Reachable.isAllowed(each, endpoint.reach().privateAddresses()))
                            .toList();
        } catch (UnknownHostException e) {
            return new Response.Failed("unknown host");
        }
        if (allowed.isEmpty()) {
            return new Response.Failed("address not allowed");
        }
        return post(endpoint, allowed, request(endpoint, request));
    }

    /** Without the brackets of an IPv6 address. */
    private static String host(Endpoint endpoint) {
        return endpoint.url().getHost().replaceAll("[\\[\\]]", "");
    }

    private static FullHttpRequest request(Endpoint endpoint, WebRequest wanted) {
        FullHttpRequest request =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.valueOf(wanted.method()),
                        wanted.target(),
                        Unpooled.wrappedBuffer(wanted.body()));
        wanted.headers().forEach((name, value) -> request.headers().set(name, value));
        int port = endpoint.url().getPort();
        request.headers()
                .set(HttpHeaderNames.HOST, endpoint.url().getHost() + (port > 0 ? ":" + port : ""))
                .set(HttpHeaderNames.CONTENT_LENGTH, wanted.body().length)
                .set(HttpHeaderNames.USER_AGENT, "consent-gateway")
                .set(HttpHeaderNames.CONNECTION, "close");
        return request;
    }

    /**
     * Only where nothing was sent the next address is tried: who was connected may have taken it.
     */
    private Response post(Endpoint endpoint, List<InetAddress> allowed, FullHttpRequest request) {
        long until = nanos.getAsLong() + endpoint.reach().timeout().toNanos();
        Response unconnected = new Response.Failed("timeout");
        for (InetAddress at : allowed) {
            var exchange = new Exchange(request, clock);
            Duration left = Duration.ofNanos(Math.max(0, until - nanos.getAsLong()));
            boolean last = at.equals(allowed.getLast());
            ChannelFuture connecting =
                    bootstrap(last ? left : patience(left))
                            .handler(pipeline(endpoint, exchange))
                            .connect(new InetSocketAddress(at, endpoint.port()));
            try {
                if (!connecting.await(left.toMillis())) {
                    return new Response.Failed("timeout");
                }
                if (connecting.isSuccess()) {
                    return exchange.answer.get(until - nanos.getAsLong(), TimeUnit.NANOSECONDS);
                }
                unconnected = unconnected(connecting.cause());
            } catch (TimeoutException e) {
                return exchange.statusOr(new Response.Failed("timeout"));
            } catch (ExecutionException e) {
                return new Response.Failed("failed");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Response.Failed("interrupted");
            } finally {
                var _ = connecting.channel().close();
            }
        }
        return unconnected;
    }

    private static Duration patience(Duration left) {
        Duration part = left.dividedBy(PART_OF_TIME);
        return part.compareTo(NEXT_ADDRESS) < 0 ? part : NEXT_ADDRESS;
    }

    private Bootstrap bootstrap(Duration toConnect) {
        return new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        (int) Math.max(1, toConnect.toMillis())); // 0 is no limit
    }

    private static Response unconnected(Throwable cause) {
        return new Response.Failed(
                cause instanceof ConnectTimeoutException ? "timeout" : "not connected");
    }

    private ChannelInitializer<Channel> pipeline(Endpoint endpoint, Exchange exchange) {
        ClientTls secured = tls.get(endpoint.name());
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel made) {
                if (secured != null) {
                    made.pipeline()
                            .addLast(
                                    secured.handler(made.alloc(), host(endpoint), endpoint.port()));
                }
                made.pipeline()
                        .addLast(
                                new HttpClientCodec(
                                        MOST_HEADER_OCTETS, MOST_HEADER_OCTETS, MOST_HEADER_OCTETS),
                                exchange);
            }
        };
    }

    private static Response failed(Throwable cause) {
        boolean secured = cause instanceof SSLException || cause.getCause() instanceof SSLException;
        return new Response.Failed(secured ? "TLS failed" : "connection lost");
    }

    /** One request and the status of its answer. Confined to its event loop, but for the answer. */
    private static final class Exchange extends SimpleChannelInboundHandler<HttpObject> {
        private final FullHttpRequest request;
        private final CompletableFuture<Response> answer = new CompletableFuture<>();
        private final InstantSource clock;
        private volatile Response.@Nullable HttpStatus status;
        private int octets;

        Exchange(FullHttpRequest request, InstantSource clock) {
            this.request = request;
            this.clock = clock;
        }

        /** Behind a TLS handler this is queued until the handshake is over. */
        @Override
        public void channelActive(ChannelHandlerContext context) {
            var _ = context.writeAndFlush(request);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpResponse head) {
                begin(context, head);
            }
            if (part instanceof io.netty.handler.codec.http.HttpContent content) {
                octets += content.content().readableBytes();
            }
            Response.HttpStatus read = status;
            if (read != null && (part instanceof LastHttpContent || octets > MOST_ANSWER_OCTETS)) {
                end(context, read);
            }
        }

        /**
         * The answer, as far as it counts, where its end never came. It is waited for all the same:
         * some receivers leave off what they do for a message once their client is gone.
         */
        Response statusOr(Response otherwise) {
            Response.HttpStatus read = status;
            return read == null ? otherwise : read;
        }

        /** What is below 200 only announces the answer, and has an end of its own. */
        private void begin(ChannelHandlerContext context, HttpResponse head) {
            int code = head.status().code();
            if (code == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
                // Which nobody has asked for: no answer can come behind it.
                end(context, new Response.Failed("another protocol"));
            } else if (code >= FIRST_FINAL) {
                status =
                        new Response.HttpStatus(
                                code, RetryAfter.seconds(head.headers(), clock.instant()));
            }
        }

        private void end(ChannelHandlerContext context, Response with) {
            answer.complete(with);
            var _ = context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            answer.complete(statusOr(new Response.Failed("connection lost")));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            end(context, statusOr(failed(cause)));
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
