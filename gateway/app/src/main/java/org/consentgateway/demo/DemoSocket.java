package org.consentgateway.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.G711;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. The demonstration's assistant behind a WebSocket: speaks Twilio's Media Streams as a
 * bot does, and talks as {@link DemoTalk} has it.
 */
public final class DemoSocket implements AutoCloseable {
    private static final int MOST_HEADER_OCTETS = 8192;
    private static final int MOST_MESSAGE_OCTETS = 64 * 1024;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int NORMAL = 1000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DemoSentences sentences;
    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("demo-socket", true), NioIoHandler.newFactory());
    private final Channel server;

    private DemoSocket(InetSocketAddress listen, DemoSentences sentences) throws IOException {
        this.sentences = sentences;
        var bound =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(new Doors())
                        .bind(listen)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IOException("cannot listen on " + listen, bound.cause());
        }
        server = bound.channel();
    }

    /**
     * @param listen where it is connected to; loopback
     */
    public static DemoSocket start(InetSocketAddress listen, DemoSentences sentences)
            throws IOException {
        return new DemoSocket(listen, sentences);
    }

    public InetSocketAddress listening() {
        return (InetSocketAddress) server.localAddress();
    }

    private final class Doors extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel made) {
            made.pipeline()
                    .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(MOST_HEADER_OCTETS),
                            new WebSocketServerProtocolHandler(
                                    "/", null, false, MOST_MESSAGE_OCTETS, false, true),
                            new Connection());
        }
    }

    /** One call. Confined to the event loop. */
    private final class Connection extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        private @Nullable DemoTalk talk;

        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            try {
                read(context.channel(), JSON.readTree(frame.text()));
            } catch (JsonProcessingException | IllegalArgumentException nonsense) {
                var _ =
                        context.writeAndFlush(
                                new CloseWebSocketFrame(PROTOCOL_ERROR, "no message"));
            }
        }

        private void read(Channel channel, JsonNode message) {
            if (message.path("event").asText().equals("start")) {
                Map<String, String> told = new HashMap<>();
                message.path("start")
                        .path("customParameters")
                        .properties()
                        .forEach(each -> told.put(each.getKey(), each.getValue().asText()));
                var voice = new SocketVoice(channel, message.path("streamSid").asText());
                talk = new DemoTalk(sentences, DemoConsent.of(told), ZoneId.systemDefault(), voice);
                talk.begins();
            } else if (talk != null) {
                heard(talk, message);
            }
        }

        private static void heard(DemoTalk talk, JsonNode message) {
            switch (message.path("event").asText()) {
                case "media" -> {
                    String payload = message.path("media").path("payload").asText();
                    talk.hears(linear(Base64.getDecoder().decode(payload)));
                }
                case "dtmf" -> {
                    String digit = message.path("dtmf").path("digit").asText();
                    if (!digit.isEmpty()) {
                        talk.key(digit.charAt(0));
                    }
                }
                case "consent" -> {
                    JsonNode news = message.path("consent");
                    talk.news(
                            news.path("state").asText(),
                            news.path("purposes").asText(),
                            news.path("token").asText());
                }
                default -> {
                    // connected, mark, stop: nothing to do
                }
            }
        }

        private static short[] linear(byte[] octets) {
            short[] samples = new short[octets.length];
            for (int i = 0; i < octets.length; i++) {
                samples[i] = G711.PCMU.toLinear(octets[i]);
            }
            return samples;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }

    /**
     * What it says, in messages. Confined to the event loop.
     *
     * @param stream the gateway's name for it
     */
    private record SocketVoice(Channel channel, String stream) implements DemoTalk.Carrier {

        @Override
        public void say(List<AudioClip> sounds, String written) {
            hush();
            var octets = new ByteArrayOutputStream();
            sounds.forEach(sound -> octets.writeBytes(sound.octets(G711.PCMU)));
            byte[] all = octets.toByteArray();
            // A second in each message, so that none is too long for anybody.
            for (int from = 0; from < all.length; from += PcmFrame.SAMPLE_RATE) {
                int length = Math.min(PcmFrame.SAMPLE_RATE, all.length - from);
                byte[] part = new byte[length];
                System.arraycopy(all, from, part, 0, length);
                send("media", "media", Map.of("payload", Base64.getEncoder().encodeToString(part)));
            }
            send("mark", "mark", Map.of("name", "said"));
        }

        private void send(String event, String name, Map<String, String> fields) {
            send(Map.of("event", event, "streamSid", stream, name, fields));
        }

        private void send(Map<String, ?> message) {
            try {
                String text = JSON.writeValueAsString(message);
                var _ = channel.writeAndFlush(new TextWebSocketFrame(text));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("maps of texts are JSON", e);
            }
        }

        @Override
        public void hush() {
            send(Map.of("event", "clear", "streamSid", stream));
        }

        @Override
        public void ask(String purpose) {
            send("consent", "consent", Map.of("request", "step-up", "purpose", purpose));
        }

        @Override
        public void hangUp() {
            var _ = channel.writeAndFlush(new CloseWebSocketFrame(NORMAL, ""));
        }
    }

    @Override
    public void close() {
        var _ = server.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
