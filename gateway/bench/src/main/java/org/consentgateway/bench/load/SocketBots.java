package org.consentgateway.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.testkit.SocketServer;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Assistants behind WebSockets in Twilio's dialect, on two threads: each says 20 ms
 * every 20 ms, at a time of its own, and hears; what it says and hears carries its time of sending
 * ({@link Stamp}). It speaks when it hears somebody, and draws breath: what an assistant says
 * without a pause is heard as late as its latest packet was.
 */
public final class SocketBots implements AutoCloseable {
    private static final int SLOTS = 200;
    private static final long SLOT_NANOS = 20_000_000 / SLOTS;

    /** Two seconds of speech, and a fifth of one without. */
    private static final int SPOKEN_FRAMES = 100;

    private static final int BREATH_FRAMES = 10;

    private static final int OCTETS = 160;
    private static final byte MU_LAW_SILENCE = (byte) 0xFF;
    private static final int ROOM = 16 * 1024;

    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int FINAL = 0x80;

    private static final byte[] PAYLOAD = ascii("\"payload\":\"");
    private static final byte[] CHUNK = ascii("\"chunk\":\"");
    private static final byte[] MEDIA = ascii("{\"event\":\"media\"");
    private static final byte[] START = ascii("{\"event\":\"start\"");
    private static final byte[] TAIL = ascii("\"}}");
    private static final byte[] STREAM = ascii("\"streamSid\":\"");

    private final ServerSocketChannel server;
    private final Selector selector;
    private final List<List<Bot>> slots = new ArrayList<>();
    private final Random phases = new Random(SLOTS);
    private final AtomicInteger talking = new AtomicInteger();
    private final LongAdder unsent = new LongAdder();
    private volatile boolean running = true;
    private volatile @Nullable Window window;

    /** What was heard in some time. Written by the reading thread, read when it is over. */
    public static final class Window {
        /** One way, from the caller's telephone. */
        public final Samples latencyMicros = new Samples();

        private long received;
        private long lost;

        private synchronized void count(long gap) {
            received++;
            lost += gap;
        }

        public synchronized double lossPercent() {
            return received == 0 ? Double.NaN : 100.0 * lost / (received + lost);
        }
    }

    /** Confined to the reading thread, but for what it says. */
    private static final class Bot {
        private final SocketChannel channel;
        private final int slot;
        private final ByteBuffer in = ByteBuffer.allocate(ROOM);
        private boolean upgraded;
        private long heardChunk;

        private String stream = "";

        /** Of the speaking thread. */
        private int turn;

        /** A whole frame but for its sound; null before the caller was heard. */
        private volatile byte @Nullable [] frame;

        private Bot(SocketChannel channel, int slot) {
            this.channel = channel;
            this.slot = slot;
        }

        /** All of it or, where the kernel has no room, nothing. */
        private synchronized boolean send(ByteBuffer octets) throws IOException {
            channel.write(octets);
            if (octets.hasRemaining() && octets.position() == 0) {
                return false;
            }
            while (octets.hasRemaining()) { // half a frame would end the connection
                channel.write(octets);
            }
            return true;
        }
    }

    public SocketBots() throws IOException {
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new CopyOnWriteArrayList<>());
        }
        selector = Selector.open();
        server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        Thread.ofPlatform().daemon().name("bots-in").start(this::hear);
        Thread.ofPlatform().daemon().name("bots-out").start(this::speak);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** Who have heard their caller, and have not been hung up on. */
    public int talking() {
        return talking.get();
    }

    /** Frames that were not said because the gateway did not read. */
    public long unsent() {
        return unsent.sum();
    }

    public Window begin() {
        var begun = new Window();
        window = begun;
        return begun;
    }

    public void end() {
        window = null;
    }

    // ------------------------------------------------------------------ what they say

    private void speak() {
        byte[] sound = new byte[OCTETS];
        Arrays.fill(sound, MU_LAW_SILENCE);
        ByteBuffer samples = ByteBuffer.wrap(sound);
        long start = System.nanoTime();
        for (long tick = 0; running; tick++) {
            long due = start + tick * SLOT_NANOS;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            for (Bot bot : slots.get((int) (tick % SLOTS))) {
                byte[] frame = bot.frame;
                bot.turn = (bot.turn + 1) % (SPOKEN_FRAMES + BREATH_FRAMES);
                if (frame == null || bot.turn >= SPOKEN_FRAMES) {
                    continue;
                }
                Stamp.inMuLaw(samples, 0, StampedSocket.now());
                ByteBuffer message = ByteBuffer.wrap(frame.clone());
                byte[] text = Base64.getEncoder().encode(sound);
                message.put(frame.length - TAIL.length - text.length, text);
                try {
                    if (!bot.send(message)) {
                        unsent.increment();
                    }
                } catch (IOException gone) {
                    over(bot);
                }
            }
        }
    }

    private static byte[] frame(String stream) {
        byte[] head =
                ascii(
                        "{\"event\":\"media\",\"streamSid\":\"%s\",\"media\":{\"payload\":\""
                                .formatted(stream));
        int length = head.length + (OCTETS + 2) / 3 * 4 + TAIL.length;
        ByteBuffer frame = ByteBuffer.allocate(4 + length);
        frame.put((byte) (FINAL | TEXT)).put((byte) 126).putShort((short) length).put(head);
        frame.put(frame.capacity() - TAIL.length, TAIL);
        return frame.array();
    }

    // ------------------------------------------------------------------ what they hear

    private void hear() {
        try {
            while (running) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid() && key.isAcceptable()) {
                        accept();
                    } else if (key.isValid() && key.attachment() instanceof Bot bot) {
                        read(bot, StampedSocket.now());
                    }
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException gone) {
            if (running) {
                throw new UncheckedIOException(gone);
            }
        } catch (ClosedSelectorException over) {
            // closed while it was looked at
        }
    }

    private void accept() throws IOException {
        for (SocketChannel come = server.accept(); come != null; come = server.accept()) {
            come.configureBlocking(false);
            come.setOption(StandardSocketOptions.TCP_NODELAY, true);
            var bot = new Bot(come, phases.nextInt(SLOTS));
            come.register(selector, SelectionKey.OP_READ, bot);
            slots.get(bot.slot).add(bot);
        }
    }

    private void read(Bot bot, long now) {
        try {
            if (bot.channel.read(bot.in) < 0) {
                over(bot);
                return;
            }
            bot.in.flip();
            if (!bot.upgraded) {
                upgrade(bot);
            }
            while (bot.upgraded && frame(bot, now)) {
                // the next one
            }
            bot.in.compact();
        } catch (IOException gone) {
            over(bot);
        }
    }

    private void over(Bot bot) {
        slots.get(bot.slot).remove(bot);
        if (bot.frame != null) {
            bot.frame = null;
            talking.decrementAndGet();
        }
        try {
            bot.channel.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }

    private static void upgrade(Bot bot) throws IOException {
        String request = StandardCharsets.US_ASCII.decode(bot.in.duplicate()).toString();
        int end = request.indexOf("\r\n\r\n");
        if (end < 0) {
            return;
        }
        String key =
                request.lines()
                        .filter(line -> line.regionMatches(true, 0, "sec-websocket-key:", 0, 18))
                        .map(line -> line.substring(18).strip())
                        .findFirst()
                        .orElseThrow(() -> new IOException("no WebSocket: " + request));
        bot.send(ByteBuffer.wrap(ascii(SocketServer.taken(key, ""))));
        bot.in.position(end + 4);
        bot.upgraded = true;
    }

    /**
     * @return false where no whole one is there
     */
    private boolean frame(Bot bot, long now) throws IOException {
        ByteBuffer in = bot.in;
        in.mark();
        if (in.remaining() < 2) {
            return false;
        }
        int opcode = in.get() & 0x0F;
        int length = in.get() & 0x7F;
        int more = (length == 126 ? 2 : 0) + 4;
        if (length == 127 || in.remaining() < more) {
            in.reset();
            return length == 127 && fail();
        }
        if (length == 126) {
            length = in.getShort() & 0xFFFF;
        }
        int mask = in.getInt();
        if (in.remaining() < length) {
            in.reset();
            return false;
        }
        byte[] octets = new byte[length];
        in.get(octets);
        for (int i = 0; i < length; i++) {
            octets[i] ^= (byte) (mask >>> (24 - 8 * (i & 3)));
        }
        switch (opcode) {
            case TEXT -> text(bot, octets, now);
            case PING -> bot.send(control(PONG, octets));
            case CLOSE -> {
                bot.send(control(CLOSE, octets));
                over(bot);
                return false;
            }
            default -> {
                // a pong
            }
        }
        return true;
    }

    private static boolean fail() throws IOException {
        throw new IOException("longer than any message of this dialect");
    }

    private static ByteBuffer control(int opcode, byte[] octets) {
        ByteBuffer frame = ByteBuffer.allocate(2 + octets.length);
        return frame.put((byte) (FINAL | opcode)).put((byte) octets.length).put(octets).flip();
    }

    private void text(Bot bot, byte[] message, long now) {
        if (begins(message, MEDIA)) {
            media(bot, message, now);
        } else if (begins(message, START)) {
            bot.stream = field(message, STREAM);
        }
    }

    private void media(Bot bot, byte[] message, long now) {
        long sent = sent(message);
        if (sent != 0 && bot.frame == null) {
            bot.frame = frame(bot.stream);
            talking.incrementAndGet();
        }
        long chunk = Long.parseLong(field(message, CHUNK));
        long gap = bot.heardChunk == 0 ? 0 : chunk - bot.heardChunk - 1;
        bot.heardChunk = chunk;
        Window open = window;
        if (open == null) {
            return;
        }
        open.count(gap);
        if (sent != 0) {
            open.latencyMicros.add((now - sent) / 1000.0);
        }
    }

    /** 0 where nobody speaks. */
    private static long sent(byte[] message) {
        int at = indexOf(message, PAYLOAD) + PAYLOAD.length;
        int length = (Stamp.OCTETS + 2) / 3 * 4;
        byte[] first = Base64.getDecoder().decode(Arrays.copyOfRange(message, at, at + length));
        return Stamp.ofMuLaw(ByteBuffer.wrap(first), 0);
    }

    private static boolean begins(byte[] message, byte[] with) {
        return message.length >= with.length
                && Arrays.equals(message, 0, with.length, with, 0, with.length);
    }

    private static int indexOf(byte[] message, byte[] wanted) {
        for (int at = 0; at + wanted.length <= message.length; at++) {
            if (Arrays.equals(message, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        throw new IllegalArgumentException("not in the message");
    }

    private static String field(byte[] message, byte[] name) {
        int from = indexOf(message, name) + name.length;
        int to = from;
        while (message[to] != '"') {
            to++;
        }
        return new String(message, from, to - from, StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        running = false;
        selector.close();
        server.close();
        for (List<Bot> each : slots) {
            for (Bot bot : each) {
                bot.channel.close();
            }
        }
    }
}
