package org.consentgateway.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a sipp caller says and presses: one RTP stream with one SSRC and one clock, as a real
 * telephone sends it, written as the capture file sipp plays back. Confined to one test.
 */
public final class CallerAudio {
    private static final int FRAME_MILLIS = 20;
    private static final int FRAME_SAMPLES = 160;
    private static final int EVENT = 96;
    private static final int SSRC = 0x51554550;

    /** Link type of a capture file: Ethernet. */
    private static final int ETHERNET = 1;

    private record Packet(int atMillis, byte[] rtp) {}

    private final List<Packet> packets = new ArrayList<>();
    private int sequence = 1000;
    private int timestamp = 160_000;
    private int atMillis;

    /** A-law silence for so long. */
    public CallerAudio silence(int millis) {
        byte[] frame = new byte[FRAME_SAMPLES];
        Arrays.fill(frame, Law.A.silence);
        return says(frame, millis);
    }

    /** A-law octets; the last frame is repeated to fill {@code millis}. */
    public CallerAudio says(byte[] alaw, int millis) {
        for (int done = 0; done < millis; done += FRAME_MILLIS) {
            int from = Math.min(done / FRAME_MILLIS * FRAME_SAMPLES, alaw.length - FRAME_SAMPLES);
            add(
                    Law.A.payloadType,
                    false,
                    timestamp,
                    Arrays.copyOfRange(alaw, from, from + FRAME_SAMPLES));
            tick();
        }
        return this;
    }

    /** One key for 100 ms as RFC 4733 events, its end sent three times. */
    public CallerAudio key(char key) {
        int began = timestamp;
        for (int step = 0; step < RtpPacket.KEY_PACKETS; step++) {
            add(EVENT, step == 0, began, RtpPacket.key(key, step));
            if (step < RtpPacket.KEY_UPDATES) {
                tick();
            }
        }
        return this;
    }

    private void tick() {
        timestamp += FRAME_SAMPLES;
        atMillis += FRAME_MILLIS;
    }

    private void add(int payloadType, boolean marker, int rtpTimestamp, byte[] payload) {
        RtpPacket packet =
                new RtpPacket(marker, payloadType, sequence++, rtpTimestamp, SSRC, payload);
        packets.add(new Packet(atMillis, packet.octets()));
    }

    public int millis() {
        return atMillis;
    }

    /** As a pcap file; sipp puts its own addresses and ports in. */
    public void write(Path file) throws IOException {
        int size = 24;
        for (Packet packet : packets) {
            size += 16 + 14 + 20 + 8 + packet.rtp().length;
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4);
        out.putInt(0).putInt(0).putInt(65535).putInt(ETHERNET);
        for (Packet packet : packets) {
            int length = 14 + 20 + 8 + packet.rtp().length;
            out.putInt(packet.atMillis() / 1000).putInt(packet.atMillis() % 1000 * 1000);
            out.putInt(length).putInt(length);
            out.order(ByteOrder.BIG_ENDIAN);
            out.put(new byte[12]).putShort((short) 0x0800);
            out.put((byte) 0x45).put((byte) 0).putShort((short) (length - 14));
            out.putInt(0).put((byte) 64).put((byte) 17).putShort((short) 0);
            out.putInt(0x7F000001).putInt(0x7F000001);
            out.putShort((short) 6000).putShort((short) 6002);
            out.putShort((short) (8 + packet.rtp().length)).putShort((short) 0);
            out.put(packet.rtp());
            out.order(ByteOrder.LITTLE_ENDIAN);
        }
        Files.write(file, out.array());
    }
}
