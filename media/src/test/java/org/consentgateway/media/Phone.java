package org.consentgateway.media;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.codec.Codec;

/**
 * A telephone on loopback, written apart from the engine: sends what it is told and keeps every
 * packet it gets.
 */
final class Phone implements AutoCloseable {
    /** One packet as it came. */
    record Heard(
            boolean marker,
            int type,
            int sequence,
            int timestamp,
            int ssrc,
            byte[] payload,
            long atNanos) {}

    private static final int EVENTS = 101;

    final DatagramChannel socket;
    final Codec codec;
    private final List<Heard> heard = new ArrayList<>();
    private final Thread ears;
    private int ssrc;
    private int sequence = 65_500;
    private int timestamp = 0xFFFF_F000;

    Phone(Codec codec, int ssrc) throws IOException {
        this(codec, ssrc, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    Phone(Codec codec, int ssrc, InetSocketAddress local) throws IOException {
        this.codec = codec;
        this.ssrc = ssrc;
        socket = DatagramChannel.open().bind(local);
        ears = Thread.ofPlatform().daemon().start(this::hear);
    }

    MediaFormat format() {
        return new MediaFormat(codec, codec.staticPayloadType(), EVENTS);
    }

    InetSocketAddress address() {
        try {
            return (InetSocketAddress) socket.getLocalAddress();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    MediaPeer peer() {
        return peer(MediaPeer.Direction.SENDRECV);
    }

    MediaPeer peer(MediaPeer.Direction direction) {
        InetSocketAddress rtp = address();
        return new MediaPeer(
                rtp,
                new InetSocketAddress(rtp.getAddress(), rtp.getPort() + 1),
                direction,
                Set.of());
    }

    /** A leg that has agreed with us. */
    MediaLeg connected(MediaEngine engine) throws PortsExhaustedException {
        MediaLeg leg = engine.open();
        leg.connect(format(), peer());
        return leg;
    }

    /** The same, and tells this listener what it hears. */
    MediaLeg connected(MediaEngine engine, MediaListener listener) throws PortsExhaustedException {
        MediaLeg leg = engine.open();
        leg.listen(listener);
        leg.connect(format(), peer());
        return leg;
    }

    /** A key from our address with another SSRC. */
    void intrude(int otherSsrc, int otherSequence, int event, InetSocketAddress to) {
        ByteBuffer packet = ByteBuffer.allocate(16);
        packet.put((byte) 0x80).put((byte) EVENTS).putShort((short) otherSequence);
        packet.putInt(timestamp).putInt(otherSsrc);
        packet.put((byte) event).put((byte) 0x8A).putShort((short) 800).flip();
        sendRaw(packet, to);
    }

    /** Sends samples as 20 ms packets in real time. */
    void say(short[] pcm, InetSocketAddress to) {
        say(codec.encode(pcm), to);
    }

    /** The same of samples at 16 kHz. */
    void sayWide(short[] pcm, InetSocketAddress to) {
        byte[] octets = new byte[pcm.length / 2];
        codec.encoder(Codec.WIDEBAND_RATE).encode(pcm, pcm.length, ByteBuffer.wrap(octets), 0);
        say(octets, to);
    }

    private void say(byte[] octets, InetSocketAddress to) {
        int length = codec.frameOctets();
        long start = System.nanoTime();
        for (int frame = 0; frame * length < octets.length; frame++) {
            byte[] payload = Arrays.copyOfRange(octets, frame * length, (frame + 1) * length);
            send(false, codec.staticPayloadType(), timestamp, payload, to);
            timestamp += PcmFrame.SAMPLES;
            waitUntil(start + (frame + 1) * 20_000_000L);
        }
    }

    /** A packet that never arrives. */
    void loses() {
        sequence = (sequence + 1) & 0xFFFF;
        timestamp += PcmFrame.SAMPLES;
    }

    /** A key of 100 ms with its three ends. */
    void press(int event, InetSocketAddress to) {
        long start = System.nanoTime();
        for (int i = 0; i < 8; i++) {
            event(event, Math.min(i + 1, 5) * 160, i >= 5, i == 0, to);
            waitUntil(start + (i + 1) * 20_000_000L);
        }
        timestamp += 8 * 160;
    }

    void event(int event, int duration, boolean end, boolean marker, InetSocketAddress to) {
        byte[] payload = {
            (byte) event, (byte) (end ? 0x8A : 0x0A), (byte) (duration >> 8), (byte) duration
        };
        send(marker, EVENTS, timestamp, payload, to);
    }

    /** Another source from now on, at the same port. */
    void becomesAnother() {
        ssrc++;
    }

    void send(boolean marker, int type, int time, byte[] payload, InetSocketAddress to) {
        ByteBuffer packet = ByteBuffer.allocate(12 + payload.length);
        packet.put((byte) 0x80).put((byte) (marker ? 0x80 | type : type));
        packet.putShort((short) sequence).putInt(time).putInt(ssrc).put(payload).flip();
        sequence = (sequence + 1) & 0xFFFF;
        sendRaw(packet, to);
    }

    void sendRaw(ByteBuffer packet, InetSocketAddress to) {
        try {
            socket.send(packet, to);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void hear() {
        ByteBuffer buffer = ByteBuffer.allocate(2048);
        while (socket.isOpen()) {
            try {
                buffer.clear();
                socket.receive(buffer);
                buffer.flip();
                int second = buffer.get(1) & 0xFF;
                if (buffer.limit() < 12) {
                    continue;
                }
                byte[] payload = new byte[buffer.limit() - 12];
                buffer.get(12, payload);
                Heard one =
                        new Heard(
                                second >= 0x80,
                                second & 0x7F,
                                buffer.getShort(2) & 0xFFFF,
                                buffer.getInt(4),
                                buffer.getInt(8),
                                payload,
                                System.nanoTime());
                synchronized (heard) {
                    heard.add(one);
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    List<Heard> heard() {
        synchronized (heard) {
            return List.copyOf(heard);
        }
    }

    List<Heard> heardSince(long nanos) {
        return heard().stream().filter(h -> h.atNanos() >= nanos).toList();
    }

    /** All audio it got, in the order of arrival. */
    static short[] sound(List<Heard> packets, Codec codec) {
        return sound(packets, codec, Codec.NARROWBAND_RATE);
    }

    static short[] sound(List<Heard> packets, Codec codec, int rate) {
        List<Heard> audio =
                packets.stream().filter(h -> h.type() == codec.staticPayloadType()).toList();
        int samples = rate / 50;
        short[] pcm = new short[audio.size() * samples];
        Codec.Decoder decoder = codec.decoder(rate);
        for (int i = 0; i < audio.size(); i++) {
            ByteBuffer payload = ByteBuffer.wrap(audio.get(i).payload());
            int frame = codec.frameOctets();
            decoder.decode(payload, 0, frame, pcm, i * samples, -1);
        }
        return pcm;
    }

    static void waitUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    static void pause(int millis) {
        waitUntil(System.nanoTime() + millis * 1_000_000L);
    }

    /** Until it is so; ten seconds at most. */
    static void await(BooleanSupplier so) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within ten seconds");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        ears.interrupt();
    }
}
