package org.consentgateway.bench.load;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.media.ThreadPriority;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. The media of many telephones on one socket and two threads: each voice sends a
 * packet every 20 ms, at a random time of its own in them, as telephones do that know nothing of
 * each other (the same times in every run); which voice a packet is for tells the port it came
 * from. Each packet carries its time of sending, so that a relayed one tells how long it took, and
 * any other how well it was paced.
 */
public final class Voices implements AutoCloseable {
    static final int PACKET = 172;
    private static final int KEY_PACKET = 16;
    private static final int ROOM = 2048;

    /** Of a processor that others want too it gets a tenth: enough for what it has to do. */
    private static final int NICE = 10;

    /** Received at once, if they are there. */
    private static final int BATCH = 64;

    /** Who is unhurried reads once in 1 ms what has come. */
    private static final long REST_NANOS = 1_000_000;

    private static final int SLOTS = 200;
    private static final long SLOT_NANOS = 20_000_000 / SLOTS;

    private static final long LATE_NANOS = 5_000_000;
    private static final int PCMA = 8;
    private static final int TELEPHONE_EVENT = 101;
    private static final int KEY_FRAMES = 5;
    private static final int SAMPLES = 160;
    private static final long SAMPLE_NANOS = 125_000;
    private static final byte MARKER = (byte) 0x80;

    /** Packets of a talk spurt and of a pause: 1.004 and 1.587 s (ITU-T P.59, table 1). */
    private static final int SPEECH = 50;

    private static final int PAUSE = 79;

    private static final byte A_LAW_SILENCE = (byte) 0xD5;

    /** Seconds in which somebody speaks of those in which somebody talks. */
    public static final double SPOKEN = (double) SPEECH / (SPEECH + PAUSE);

    /** A room in which nobody speaks, at -65 dBFS: samples of ±8 and ±24, which follow no tune. */
    private static final byte[] QUIET_ROOM = new byte[50 * SAMPLES];

    static {
        byte[] samples = {A_LAW_SILENCE, (byte) 0x55, (byte) 0xD4, 0x54};
        var chance = new Random(SAMPLES);
        for (int i = 0; i < QUIET_ROOM.length; i++) {
            QUIET_ROOM[i] = samples[chance.nextInt(samples.length)];
        }
    }

    private final ByteBuffer recordedPacket = ByteBuffer.allocateDirect(PACKET);

    /** What people say, in A-law; empty: a loud sound. */
    private volatile byte[] talk = {};

    private final StampedSocket rtp;
    private final DatagramChannel rtcp;
    private final List<List<Voice>> slots = new ArrayList<>();
    private final AtomicReferenceArray<@Nullable Voice> byPort = new AtomicReferenceArray<>(65_536);
    private final boolean unhurried;
    private final List<Thread> users;
    private final Random phases = new Random(SLOTS);
    private final AtomicInteger opened = new AtomicInteger();
    private volatile boolean running = true;
    private volatile @Nullable Window window;
    private final AtomicInteger lateTurns = new AtomicInteger();

    /** Thread-safe. One telephone's media. */
    public static final class Voice {
        private final MemorySegment target;
        private final int slot;
        private final int ssrc;
        private int sequence;
        private int timestamp;
        private int keyFrame = -1;
        private int keyStart;
        private volatile char key;
        private volatile long keyAt;
        private volatile long firstAudioAt;
        private int heardSequence = -1;
        private volatile boolean person;
        private int spoken;

        private Voice(MemorySegment target, int slot, int ssrc) {
            this.target = target;
            this.slot = slot;
            this.ssrc = ssrc;
        }

        /** Presses a key for 100 ms (RFC 4733). */
        void press(char digit) {
            key = digit;
        }

        /**
         * From now on it is no loud sound that never ends but somebody who answers by key, and
         * therefore says nothing before it, and then talks: as long as people do before they pause
         * (ITU-T P.59).
         */
        void isAPerson() {
            person = true;
        }

        private boolean pauses() {
            return person && (keyAt == 0 || sequence % (SPEECH + PAUSE) >= SPEECH);
        }

        /** When the first packet of the last key left; 0 before. */
        long keyAt() {
            return keyAt;
        }

        /** When the first packet came; 0 before. */
        long firstAudioAt() {
            return firstAudioAt;
        }
    }

    /** What was received in some time. Written by the receiving thread, read when it is over. */
    public static final class Window {
        /** One way, from one telephone to the other. */
        public final Samples latencyMicros = new Samples();

        private final IdentityHashMap<Voice, long[]> phases = new IdentityHashMap<>();
        private final IdentityHashMap<Voice, Integer> phaseCount = new IdentityHashMap<>();
        private long received;
        private long lost;

        private synchronized void paced(Voice voice, long phase) {
            int n = phaseCount.merge(voice, 1, Integer::sum) - 1;
            long[] of = phases.computeIfAbsent(voice, v -> new long[512]);
            if (n == of.length) {
                of = Arrays.copyOf(of, n * 2);
                phases.put(voice, of);
            }
            of[n] = phase;
        }

        private synchronized void count(int gap) {
            received++;
            lost += gap;
        }

        public synchronized double lossPercent() {
            return received == 0 ? Double.NaN : 100.0 * lost / (received + lost);
        }

        synchronized long received() {
            return received;
        }

        synchronized long lost() {
            return lost;
        }

        /** How far from its stream's median phase each packet came: in microseconds. */
        public synchronized Samples pacingMicros() {
            Samples errors = new Samples();
            phases.forEach((voice, all) -> {
                int n = phaseCount.getOrDefault(voice, 0);
                if (n >= 10) {
                    long[] sorted = Arrays.copyOf(all, n);
                    Arrays.sort(sorted);
                    for (int i = 0; i < n; i++) {
                        errors.add(Math.abs(all[i] - sorted[n / 2]) / 1000.0);
                    }
                }
            });
            return errors;
        }
    }

    /** Each packet wakes the thread that hears, as in the programs that the budgets come from. */
    public Voices() throws IOException {
        this(false);
    }

    /**
     * For tails of many calls: whoever is measured may have the processor first, and wakes nobody,
     * since a telephone is another machine. When a packet came the kernel tells in any case.
     */
    public static Voices unhurried() throws IOException {
        return new Voices(true);
    }

    private Voices(boolean unhurried) throws IOException {
        this.unhurried = unhurried;
        var first = new StampedSocket(0);
        while (first.port() % 2 != 0) {
            first.close();
            first = new StampedSocket(0);
        }
        rtp = first;
        rtcp = DatagramChannel.open();
        rtcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), rtp.port() + 1));
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new CopyOnWriteArrayList<>());
        }
        users =
                List.of(
                        Thread.ofPlatform().daemon().name("voices-out").start(this::speak),
                        Thread.ofPlatform().daemon().name("voices-in").start(this::hear));
        Thread.ofPlatform().daemon().name("voices-rtcp").start(this::ignoreReports);
    }

    /** Where all voices hear. */
    public int port() {
        return rtp.port();
    }

    /** A voice that speaks to this port of the gateway from now on. */
    public Voice open(int gatewayPort) {
        int number = opened.getAndIncrement();
        var voice = new Voice(rtp.address(gatewayPort), phases.nextInt(SLOTS), number + 1);
        byPort.set(gatewayPort, voice);
        slots.get(voice.slot).add(voice);
        return voice;
    }

    void close(Voice voice) {
        slots.get(voice.slot).remove(voice);
        byPort.compareAndSet(SocketAddresses.port(voice.target), voice, null);
    }

    public Window begin() {
        var begun = new Window();
        window = begun;
        return begun;
    }

    public void end() {
        window = null;
    }

    /** How often this program fell behind by more than 5 ms: its own unsteadiness. */
    public int late() {
        return lateTurns.get();
    }

    private void speak() {
        ByteBuffer packet = ByteBuffer.allocateDirect(PACKET);
        long start = System.nanoTime();
        boolean late = false;
        for (long tick = 0; running; tick++) {
            long due = start + tick * SLOT_NANOS;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            boolean behind = System.nanoTime() - due > LATE_NANOS;
            if (behind && !late) {
                lateTurns.incrementAndGet();
            }
            late = behind;
            try {
                for (Voice voice : slots.get((int) (tick % SLOTS))) {
                    speak(voice, packet);
                }
            } catch (IOException gone) {
                if (running) {
                    throw new java.io.UncheckedIOException(gone);
                }
            }
        }
    }

    private void speak(Voice voice, ByteBuffer packet) throws IOException {
        voice.timestamp += SAMPLES;
        char key = voice.key;
        if (key != 0) {
            press(voice, key, packet);
            return;
        }
        byte[] speech = talk;
        if (voice.pauses()) {
            recorded(voice, QUIET_ROOM, voice.sequence);
            return;
        }
        if (voice.person && speech.length > 0) {
            recorded(voice, speech, voice.spoken++);
            return;
        }
        header(voice, packet, (byte) PCMA, voice.timestamp);
        Stamp.inALaw(packet, 12, StampedSocket.now());
        send(voice, packet, PACKET);
    }

    /** The packet of this number of a sound that is repeated. */
    private void recorded(Voice voice, byte[] sound, int number) throws IOException {
        int at = number % (sound.length / SAMPLES) * SAMPLES;
        header(voice, recordedPacket, (byte) PCMA, voice.timestamp);
        recordedPacket.put(12, sound, at, SAMPLES);
        send(voice, recordedPacket, PACKET);
    }

    /** What people say from now on, again and again, each from its beginning. */
    public void talk(byte[] aLaw) {
        talk = aLaw;
    }

    /** From now on people only listen. */
    public void listen() {
        talk = QUIET_ROOM;
    }

    /** Five updates, 20 ms apart, and the end three times (RFC 4733 §2.5.1). */
    private void press(Voice voice, char key, ByteBuffer packet) throws IOException {
        boolean first = voice.keyFrame < 0;
        if (first) {
            voice.keyFrame = 0;
            voice.keyStart = voice.timestamp;
        }
        voice.keyFrame++;
        boolean last = voice.keyFrame > KEY_FRAMES;
        for (int time = 0; time < (last ? 3 : 1); time++) {
            byte type = (byte) (first ? MARKER | TELEPHONE_EVENT : TELEPHONE_EVENT);
            header(voice, packet, type, voice.keyStart);
            packet.put(12, (byte) Character.digit(key, 10));
            packet.put(13, (byte) (last ? 0x8A : 0x0A));
            packet.putShort(14, (short) (voice.keyFrame * SAMPLES));
            if (first) {
                voice.keyAt = StampedSocket.now();
            }
            send(voice, packet, KEY_PACKET);
        }
        if (last) {
            voice.keyFrame = -1;
            voice.key = 0;
        }
    }

    private static void header(Voice voice, ByteBuffer packet, byte type, int timestamp) {
        packet.clear();
        packet.put(0, (byte) 0x80).put(1, type).putShort(2, (short) voice.sequence++);
        packet.putInt(4, timestamp).putInt(8, voice.ssrc);
    }

    private void send(Voice voice, ByteBuffer packet, int length) throws IOException {
        packet.limit(length);
        rtp.send(packet, voice.target);
    }

    private void hear() {
        if (unhurried) {
            ThreadPriority.lowerBy(NICE);
        }
        var arrivals = new Arrivals(BATCH, ROOM);
        while (running) {
            if (unhurried && arrivals.count() < BATCH) {
                LockSupport.parkNanos(REST_NANOS);
            }
            try {
                rtp.receive(arrivals);
            } catch (IOException gone) {
                throw new java.io.UncheckedIOException(gone);
            }
            for (int i = 0; i < arrivals.count(); i++) {
                Voice voice = byPort.get(arrivals.port(i));
                ByteBuffer packet = arrivals.datagram(i);
                if (voice != null && packet.remaining() >= KEY_PACKET) {
                    hear(voice, packet, arrivals.nanos(i));
                }
            }
        }
    }

    private void hear(Voice voice, ByteBuffer packet, long now) {
        if (voice.firstAudioAt == 0) {
            voice.firstAudioAt = now;
        }
        int sequence = packet.getShort(2) & 0xFFFF;
        int gap = voice.heardSequence < 0 ? 0 : (sequence - voice.heardSequence - 1) & 0xFFFF;
        voice.heardSequence = sequence;
        Window open = window;
        if (open == null) {
            return;
        }
        open.count(gap < 1000 ? gap : 0);
        if (packet.remaining() != PACKET) {
            return; // a key on its way to the assistant
        }
        long sent = Stamp.ofALaw(packet, 12);
        if (sent != 0) {
            open.latencyMicros.add((now - sent) / 1000.0);
        } else {
            open.paced(voice, now - (packet.getInt(4) & 0xFFFF_FFFFL) * SAMPLE_NANOS);
        }
    }

    private void ignoreReports() {
        ByteBuffer packet = ByteBuffer.allocateDirect(ROOM);
        while (running) {
            try {
                packet.clear();
                rtcp.receive(packet);
            } catch (IOException gone) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        running = false;
        rtcp.close();
        rtp.closeBehind(users);
    }
}
